// A process with many agents that joined and run nothing.
// Argument: a file with EnrolledOptions as JSON, since it has passwords. Exits at the end of its input.
import { readFileSync, writeSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { AgentIdentity } from '@oversoak/contracts';
import pMap from 'p-map';
import { EnrolledAgent } from './enrolled-agent.ts';

export interface EnrolledOptions {
  agents: { identity: AgentIdentity; slots: number }[];
}

const STDOUT = 1;
/** Number of agents that start concurrently. */
const AT_ONCE = 25;
const NICER = 5;
const NICEST = 19;

// The process stands for a thousand other machines and must not slow down what is measured.
setPriority(Math.min(getPriority() + NICER, NICEST));

const { agents }: EnrolledOptions = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const started = await pMap(
  agents,
  async ({ identity, slots }) => {
    const agent = new EnrolledAgent(identity, slots);
    await agent.start();
    return agent;
  },
  { concurrency: AT_ONCE },
);
process.stdin.on('end', () => {
  Promise.all(started.map((agent) => agent.stop())).then(() => process.exit(0));
});
process.stdin.resume();
writeSync(STDOUT, `${JSON.stringify({ started: String(started.length) })}\n`);
