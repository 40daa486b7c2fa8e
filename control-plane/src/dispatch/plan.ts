import { type Cell, churnSeconds } from '@oversoak/contracts';
import { type Agent, freeSlotsOf } from '../store/agents.ts';
import { type Choice, chooseGang, type GangBefore, keptFor } from './gang.ts';
import { type Candidates, candidates, type Placed, suffices } from './placement.ts';

/** A run that waits for agents, with the inputs of its placement. */
export interface WaitingRun {
  runId: string;
  soakId: string;
  priority: number;
  /** When it became the next run of its soak, in Redis time. */
  sinceMs: number;
  cell: Cell;
  spec: Placed;
  /** Gang of the soak's previous run; empty for the first run. */
  before: GangBefore;
}

export type Decision =
  | { kind: 'place'; gang: Choice[] }
  /** `keeper`: the run that has waited too long and has reserved the agents that this one needs. */
  | { kind: 'wait'; keeper: WaitingRun | null }
  /** The live agents cannot run it even if all are idle. */
  | { kind: 'unplaceable' };

/** Candidates for runs with the same needs; those without a free slot are removed. */
interface Pool {
  suffices: boolean;
  open: Candidates;
}

/**
 * Pure: decides about each waiting run, in queue order. A run whose agents are busy does not block
 * later runs until it has waited longer than `holdAfterMs`. After that, free agents that it could
 * use are reserved for it, as many as its gang needs (`keptFor`).
 */
export function plan(
  waiting: readonly WaitingRun[],
  agents: readonly Agent[],
  nowMs: number,
  holdAfterMs: number,
): Decision[] {
  const free = new Map(agents.map((agent) => [agent.registration.agentId, freeSlotsOf(agent)]));
  const keepers = new Map<string, WaitingRun>();
  const freeSlots = (agentId: string) => (keepers.has(agentId) ? 0 : (free.get(agentId) ?? 0));
  const pools = new Map<string, Pool>();
  const poolOf = (run: WaitingRun): Pool => {
    const key = needsKey(run);
    const known = pools.get(key);
    if (known !== undefined) {
      known.open = withFreeSlots(known.open, freeSlots);
      return known;
    }
    const able = candidates(run.spec, run.cell, agents);
    const enough = suffices(able, run.spec.fleet.agents);
    const pool = { suffices: enough, open: withFreeSlots(able, freeSlots) };
    pools.set(key, pool);
    return pool;
  };

  return waiting.map((run): Decision => {
    const pool = poolOf(run);
    if (!pool.suffices) return { kind: 'unplaceable' };
    const { agents: wanted } = run.spec.fleet;
    const gang = chooseGang(pool.open, wanted, run.before, freeSlots);
    if (gang !== null) {
      for (const { agent } of gang) {
        const { agentId } = agent.registration;
        free.set(agentId, freeSlots(agentId) - 1);
      }
      return { kind: 'place', gang };
    }
    const keeper = keeperOf(run, agents, keepers);
    if (nowMs - run.sinceMs >= holdAfterMs) {
      for (const { registration } of keptFor(pool.open, wanted, run.before, freeSlots)) {
        keepers.set(registration.agentId, run);
      }
    }
    return { kind: 'wait', keeper };
  });
}

/** The first run in the queue that has reserved an agent which this run could use. */
function keeperOf(
  { spec, cell }: WaitingRun,
  agents: readonly Agent[],
  keepers: ReadonlyMap<string, WaitingRun>,
): WaitingRun | null {
  if (keepers.size === 0) return null;
  const { server, fleet } = candidates(
    spec,
    cell,
    agents.filter(({ registration }) => keepers.has(registration.agentId)),
  );
  const able = new Set(
    [...(server ?? []), ...fleet].map(({ registration }) => registration.agentId),
  );
  for (const [agentId, keeper] of keepers) if (able.has(agentId)) return keeper;
  return null;
}

function needsKey({ spec, cell }: WaitingRun): string {
  const { placement, fleet, fault, target, workload, phases } = spec;
  const { notifier, layout, sessions } = cell;
  const { disconnectsPerSecond, abortiveShare } = workload;
  return JSON.stringify([
    ...[placement, fleet.agents, fault !== undefined, target, notifier, layout],
    ...[sessions, disconnectsPerSecond, abortiveShare, churnSeconds(phases)],
  ]);
}

function withFreeSlots({ server, fleet }: Candidates, free: (agentId: string) => number) {
  const isFree = ({ registration }: Agent) => free(registration.agentId) > 0;
  return { server: server?.filter(isFree) ?? null, fleet: fleet.filter(isFree) };
}
