import { type Cell, churnSeconds } from '@oversoak/contracts';
import { LRUCache } from 'lru-cache';
import type { Agent } from '../store/agents.ts';
import { candidates, type Placed, suffices } from './placement.ts';

/** The part of a waiting run that decides which agents are able to run it. */
export interface Needs {
  cell: Cell;
  spec: Placed;
}

/** Whether the live agents could run it if all of them were idle. */
export type IsPlaceable = (run: Needs) => boolean;

/** Of the needs of soaks; what is forgotten is computed again. */
const MAX_REMEMBERED = 10_000;

const keys = new WeakMap<Needs, string>();

/** The same for runs that the same agents are able to run. */
export function needsKey(run: Needs): string {
  const known = keys.get(run);
  if (known !== undefined) return known;
  const { placement, fleet, fault, target, workload, phases } = run.spec;
  const { notifier, layout, sessions } = run.cell;
  const { disconnectsPerSecond, abortiveShare, zones } = workload;
  const key = JSON.stringify([
    ...[placement, fleet.agents, fault !== undefined, target, notifier, layout],
    ...[sessions, zones?.size, disconnectsPerSecond, abortiveShare, churnSeconds(phases)],
  ]);
  keys.set(run, key);
  return key;
}

/** Remembers its answers: it depends on who the agents are, not on what they do. */
export function placeableOn(agents: readonly Agent[]): IsPlaceable {
  const known = new LRUCache<string, { is: boolean }>({ max: MAX_REMEMBERED });
  return (run) => {
    const key = needsKey(run);
    const before = known.get(key);
    if (before !== undefined) return before.is;
    const is = suffices(candidates(run.spec, run.cell, agents), run.spec.fleet.agents);
    known.set(key, { is });
    return is;
  };
}

/** Who the agents are; the same as long as `placeableOn` answers the same. */
export const whoTheyAre = (agents: readonly Agent[]): string =>
  agents
    .map(({ live, registration: { agentId, incarnation } }) => `${agentId} ${incarnation} ${live}`)
    .join('\n');
