// A process with many agents: all of an agent's code, with the dry engine and no process for a host.
// Argument: JSON of AgentsOptions. Ends when its input does.
import { writeSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { startAgent } from '@oversoak/agent';
import { LEASE_MS } from '@oversoak/contracts';
import { DRY_ENGINE, forkInProcess } from '@oversoak/testing/dry/index';
import pMap from 'p-map';

export interface AgentsOptions {
  redisUrl: string;
  spoolDir: string;
  agents: { agentId: string; site: string; slots: number }[];
}

const STDOUT = 1;
/** Agents that are started at the same time. */
const AT_ONCE = 25;
const NICER = 5;
const NICEST = 19;

// They stand for hundreds of other machines: what is measured must not wait for them.
setPriority(Math.min(getPriority() + NICER, NICEST));

const { redisUrl, spoolDir, agents }: AgentsOptions = JSON.parse(process.argv[2] ?? '');
const started = await pMap(
  agents,
  ({ agentId, site, slots }) =>
    startAgent(
      {
        redisUrl,
        agentId,
        labels: { site },
        slots,
        advertisedHost: '127.0.0.1',
        allowsFaults: false,
        targets: [],
        stopOnStdinEnd: false,
        spoolDir,
        leaseMs: LEASE_MS,
        metricsRunId: false,
        traceIntervalMs: 10_000,
        slowEchoes: 0,
        engine: DRY_ENGINE,
      },
      { fork: forkInProcess },
    ),
  { concurrency: AT_ONCE },
);
process.stdin.on('end', () => {
  Promise.all(started.map((agent) => agent.stop())).then(() => process.exit(0));
});
process.stdin.resume();
writeSync(STDOUT, `${JSON.stringify({ started: String(started.length) })}\n`);
