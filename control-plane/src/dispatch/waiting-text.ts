import { type Agent, freeSlotsOf } from '../store/agents.ts';
import { needsKey } from './placeable.ts';
import { candidates, unplaceableReason } from './placement.ts';
import type { Decision, WaitingRun } from './plan.ts';

/** The most names listed in a reason, to keep it readable. */
const MAX_NAMES = 8;

/** A readable reason why the waiting run at `index` has no gang, from the decisions of `plan`. */
export function waitingText(
  index: number,
  waiting: readonly WaitingRun[],
  decisions: readonly Decision[],
  agents: readonly Agent[],
): string | null {
  const run = waiting[index];
  const decision = decisions[index];
  if (run === undefined || decision === undefined) return null;
  if (decision.kind === 'place') return 'its agents are free; it begins now';
  if (decision.kind === 'unplaceable') return unplaceableReason(run.spec, run.cell, agents);
  if (decision.keeper !== null) {
    return `agents are reserved for ${named(decision.keeper)}, which has waited longer`;
  }
  const able = ableOf(run, agents);
  const busy = agents
    .filter((agent) => able.has(agent.registration.agentId) && freeSlotsOf(agent) === 0)
    .map(({ registration, draining }) => registration.agentId + (draining ? ' (draining)' : ''));
  const more = busy.length > MAX_NAMES ? ` and ${busy.length - MAX_NAMES} more` : '';
  // Soaks with the same needs are looked at once: there can be thousands before this one.
  const others = new Map<string, boolean>();
  const competes = (other: WaitingRun): boolean => {
    const key = needsKey(other);
    const known = others.get(key) ?? [...ableOf(other, agents)].some((id) => able.has(id));
    others.set(key, known);
    return known;
  };
  const before = waiting.slice(0, index).findLast(competes);
  const reasons = [
    ...(busy.length === 0
      ? []
      : [`its agents are busy: ${busy.slice(0, MAX_NAMES).join(', ')}${more}`]),
    ...(before === undefined ? [] : [`behind ${named(before)}`]),
  ];
  return reasons.join('; ') || 'too few slots are free at the same time';
}

const named = ({ soakId, priority }: WaitingRun) => `${soakId} (priority ${priority})`;

function ableOf({ spec, cell }: WaitingRun, agents: readonly Agent[]): Set<string> {
  const { server, fleet } = candidates(spec, cell, agents);
  return new Set([...(server ?? []), ...fleet].map(({ registration }) => registration.agentId));
}
