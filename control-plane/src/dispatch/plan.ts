import { type Agent, freeSlotsOf } from '../store/agents.ts';
import { type Choice, chooseGang, type GangBefore, keptFor } from './gang.ts';
import { type IsPlaceable, type Needs, needsKey, placeableOn } from './placeable.ts';
import { type Candidates, candidates } from './placement.ts';

/** A run that waits for agents, with the inputs of its placement. */
export interface WaitingRun extends Needs {
  runId: string;
  soakId: string;
  priority: number;
  /** When it became the next run of its soak, in Redis time. */
  sinceMs: number;
  /** Gang of the soak's previous run; empty for the first run. */
  before: GangBefore;
}

export type Decision =
  | { kind: 'place'; gang: Choice[] }
  /** `keeper`: the run that has waited too long and has reserved the agents that this one needs. */
  | { kind: 'wait'; keeper: WaitingRun | null }
  /** The live agents cannot run it even if all are idle. */
  | { kind: 'unplaceable' };

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
  isPlaceable: IsPlaceable = placeableOn(agents),
): Decision[] {
  const free = new Map(agents.map((agent) => [agent.registration.agentId, freeSlotsOf(agent)]));
  const keepers = new Map<string, WaitingRun>();
  const kept: Agent[] = [];
  const freeSlots = (agentId: string) => (keepers.has(agentId) ? 0 : (free.get(agentId) ?? 0));
  const isFree = ({ registration }: Agent) => freeSlots(registration.agentId) > 0;
  let idle = agents.filter(isFree);
  // Runs with the same needs share the able agents with a free slot, which only become fewer.
  const pools = new Map<string, Candidates>();
  const poolOf = (run: WaitingRun): Candidates => {
    const key = needsKey(run);
    const known = pools.get(key);
    if (known === undefined) idle = idle.filter(isFree);
    const { server, fleet } = known ?? candidates(run.spec, run.cell, idle);
    const pool = { server: server?.filter(isFree) ?? null, fleet: fleet.filter(isFree) };
    pools.set(key, pool);
    return pool;
  };

  return waiting.map((run): Decision => {
    const pool = poolOf(run);
    const { agents: wanted } = run.spec.fleet;
    const gang = chooseGang(pool, wanted, run.before, freeSlots);
    if (gang !== null) {
      for (const { agent } of gang) {
        const { agentId } = agent.registration;
        free.set(agentId, freeSlots(agentId) - 1);
      }
      return { kind: 'place', gang };
    }
    if (!isPlaceable(run)) return { kind: 'unplaceable' };
    const keeper = keeperOf(run, kept, keepers);
    if (nowMs - run.sinceMs >= holdAfterMs) {
      for (const agent of keptFor(pool, wanted, run.before, freeSlots)) {
        keepers.set(agent.registration.agentId, run);
        kept.push(agent);
      }
    }
    return { kind: 'wait', keeper };
  });
}

/**
 * The first run in the queue that has reserved an agent which this run could use. `kept`: the agents
 * of `keepers`, which are few, for each of a thousand runs that wait.
 */
function keeperOf(
  { spec, cell }: WaitingRun,
  kept: readonly Agent[],
  keepers: ReadonlyMap<string, WaitingRun>,
): WaitingRun | null {
  if (kept.length === 0) return null;
  const { server, fleet } = candidates(spec, cell, kept);
  const able = new Set(
    [...(server ?? []), ...fleet].map(({ registration }) => registration.agentId),
  );
  for (const [agentId, keeper] of keepers) if (able.has(agentId)) return keeper;
  return null;
}
