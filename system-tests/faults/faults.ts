// What can happen to a cluster, each as a test does it. `inject` answers when the fault has taken
// its effect; what it answers mends what is still broken, once the run is done.
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentProcess, LEASE_SECONDS } from './agent-process.ts';
import type { FaultCluster } from './cluster.ts';
import type { WatchedRun } from './watched-run.ts';

type Mend = () => Promise<void>;

export interface Scene {
  cluster: FaultCluster;
  run: WatchedRun;
}

export interface Fault {
  /** For the table of docs/failures.md. */
  title: string;
  /** Before the run is submitted. */
  before?: (cluster: FaultCluster) => Promise<void>;
  /** While it waits for its turn. */
  whileQueued?: (scene: Scene) => Promise<void>;
  inject: (scene: Scene) => Promise<Mend | undefined>;
}

/** Well inside a lease. */
const SHORT_MS = 1_200;
const LONGER_THAN_LEASE_MS = (LEASE_SECONDS + 1) * 1_000;
const HOUR_MS = 3_600_000;

const crash =
  (victim: (cluster: FaultCluster) => AgentProcess): Fault['inject'] =>
  async ({ cluster, run }) => {
    await victim(cluster).crashHost(run.runId);
    return undefined;
  };

const fleet = (cluster: FaultCluster) => cluster.fleet;
const server = (cluster: FaultCluster) => cluster.server;

const killed =
  (victim: (cluster: FaultCluster) => AgentProcess): Fault['inject'] =>
  async ({ cluster }) => {
    await victim(cluster).kill();
    // At once, as a service manager does it; it waits for the lease of its predecessor.
    const starting = victim(cluster).start();
    // Who mends hears of it, and nobody before.
    starting.catch(() => undefined);
    return () => starting;
  };

/** For a while, or until the run is done without the agent. */
const between =
  (begin: (agent: AgentProcess) => void, end: (agent: AgentProcess) => void) =>
  (lasts: 'short' | 'long'): Fault['inject'] =>
  async ({ cluster }) => {
    const agent = cluster.fleet;
    begin(agent);
    if (lasts === 'long') return async () => end(agent);
    await delay(SHORT_MS);
    end(agent);
    return undefined;
  };

const frozen = between(
  (agent) => agent.freeze(),
  (agent) => agent.thaw(),
);
const machineFrozen = between(
  (agent) => agent.freezeMachine(),
  (agent) => agent.thawMachine(),
);
const cut = between(
  ({ link }) => link.cut(),
  ({ link }) => link.heal(),
);
const swallowed = between(
  ({ link }) => link.swallow(),
  ({ link }) => link.heal(),
);

/** By then a control plane that is ready has looked at the leases. */
const LOOKED_MS = 1_200;

const redisAwayLong: Fault['inject'] = async ({ cluster }) => {
  const { redis, fleet: agent } = cluster;
  await redis.kill();
  await delay(LONGER_THAN_LEASE_MS);
  // Its lease has lapsed, and the control plane finds Redis before the agent does.
  agent.link.cut();
  await redis.start();
  await cluster.ready();
  await delay(LOOKED_MS);
  agent.link.heal();
  return undefined;
};

const agentClocks =
  (clockShiftMs: number): Fault['inject'] =>
  async ({ cluster }) => {
    const shift = (ms: number) =>
      Promise.all(cluster.agents.map((agent) => agent.order({ clockShiftMs: ms })));
    await shift(clockShiftMs);
    return async () => void (await shift(0));
  };

const planeClock =
  (clockShiftMs: number): Fault['inject'] =>
  async ({ cluster }) => {
    await cluster.plane.order({ clockShiftMs });
    return () => cluster.plane.order({ clockShiftMs: 0 });
  };

export const FAULTS = {
  serverHostCrashes: {
    title: "the server's host process crashes",
    inject: crash(server),
  },
  fleetHostCrashes: {
    title: "a fleet's host process crashes",
    inject: crash(fleet),
  },
  serverAgentKilled: {
    title: "the server's agent is killed (-9) and restarted",
    inject: killed(server),
  },
  fleetAgentKilled: {
    title: "a fleet's agent is killed (-9) and restarted",
    inject: killed(fleet),
  },
  frozenShort: {
    title: 'an agent is frozen for less than its lease',
    inject: frozen('short'),
  },
  frozenLong: {
    title: 'an agent is frozen for longer than its lease',
    inject: frozen('long'),
  },
  machineFrozenLong: {
    title: "an agent's machine, including its host processes, is frozen for longer than its lease",
    inject: machineFrozen('long'),
  },
  frozenAndReplaced: {
    title: 'an agent is frozen, and another process with its id takes its place',
    inject: async ({ cluster }) => {
      const { fleet: agent } = cluster;
      agent.freeze();
      const old = agent.leaveBehind();
      const starting = agent.start();
      starting.catch(() => undefined);
      return async () => {
        await starting;
        process.kill(old.pid, 'SIGCONT');
        // It finds that its id is another's, and leaves.
        await old.ended;
      };
    },
  },
  cutShort: {
    title: 'an agent is cut off from Redis for less than its lease',
    inject: cut('short'),
  },
  cutLong: {
    title: 'an agent is cut off from Redis for longer than its lease',
    inject: cut('long'),
  },
  swallowedShort: {
    title: 'the network silently drops traffic between an agent and Redis for less than the lease',
    inject: swallowed('short'),
  },
  swallowedLong: {
    title:
      'the network silently drops traffic between an agent and Redis for longer than the lease',
    inject: swallowed('long'),
  },
  planeKilled: {
    title: 'the control plane is killed (-9) and restarted',
    inject: async ({ cluster }) => {
      await cluster.plane.kill();
      await cluster.plane.start();
      return undefined;
    },
  },
  planeOfTwoKilled: {
    title: 'one of two control planes is killed (-9)',
    before: (cluster) => cluster.startSecondPlane(),
    inject: async ({ cluster }) => {
      await cluster.plane.kill();
      return () => cluster.plane.start();
    },
  },
  redisKilled: {
    title: 'Redis is killed (-9) and restarted',
    inject: async ({ cluster }) => {
      await cluster.redis.kill();
      await cluster.redis.start();
      return undefined;
    },
  },
  redisAwayLong: {
    title: "Redis is killed (-9) and stays away for longer than the agents' leases",
    inject: redisAwayLong,
  },
  reportsRepeated: {
    title: 'every report is delivered again, in reverse order',
    inject: async ({ cluster, run }) => {
      await cluster.jobs.repeatReports(run.runId);
      return () => cluster.jobs.repeatReports(run.runId);
    },
  },
  agentJobsRepeated: {
    title: 'every job of an agent is delivered again, in reverse order',
    inject: async ({ cluster, run }) => {
      await cluster.jobs.repeatAgentJobs(run.runId);
      return () => cluster.jobs.repeatAgentJobs(run.runId);
    },
  },
  oldEpoch: {
    title: 'reports and jobs of an older allocation of the run arrive',
    // Another allocation had been made before this one.
    whileQueued: ({ cluster, run }) => cluster.jobs.countEpoch(run.runId),
    inject: async ({ cluster, run }) => {
      await cluster.jobs.sendOfEpoch(run.runId, 1);
      return undefined;
    },
  },
  diskFull: {
    title: "the disks under the agents' spools are full, and Redis is unreachable for a moment",
    inject: async ({ cluster }) => {
      for (const agent of cluster.agents) {
        await agent.order({ diskFull: true });
        agent.link.cut();
      }
      await delay(SHORT_MS);
      for (const agent of cluster.agents) agent.link.heal();
      return async () => {
        for (const agent of cluster.agents) await agent.order({ diskFull: false });
      };
    },
  },
  agentClocksForward: {
    title: "the agents' clocks jump an hour forward",
    inject: agentClocks(HOUR_MS),
  },
  agentClocksBack: {
    title: "the agents' clocks jump an hour back",
    inject: agentClocks(-HOUR_MS),
  },
  planeClockForward: {
    title: "the control plane's clock jumps an hour forward",
    inject: planeClock(HOUR_MS),
  },
  planeClockBack: {
    title: "the control plane's clock jumps an hour back",
    inject: planeClock(-HOUR_MS),
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

export const faultNamed = (name: FaultName): Fault => FAULTS[name];
