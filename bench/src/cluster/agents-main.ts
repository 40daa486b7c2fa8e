// A process with many agents: the complete agent code, but with the dry engine and without host
// processes.
// Argument: AgentsOptions as JSON. Exits at the end of its input.
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
/** Number of agents that start concurrently. */
const AT_ONCE = 25;
const NICER = 5;
const NICEST = 19;

// The process stands for hundreds of other machines and must not slow down what is measured.
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
        peers: ['127.0.0.0/8'],
        plugins: [],
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
