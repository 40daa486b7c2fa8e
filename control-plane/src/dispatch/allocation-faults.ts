import type { AllocationEvent } from '../store/allocations.ts';

/**
 * Pure: what the log of allocations shows that must never be: an agent with more slots taken than
 * it has, a run that is given a gang twice, a gang that is not whole, a slot that is given back
 * without having been taken or is never given back. `membersOf`: how many members the gang of a
 * run must have. One line for a person each; empty when all is well. The log must be whole and the
 * cluster idle.
 */
export function allocationFaults(
  log: readonly AllocationEvent[],
  membersOf: (runId: string) => number,
): string[] {
  const faults: string[] = [];
  const allocated = new Set<string>();
  const held = new Map<string, Set<string>>();
  const slotsOf = (agentId: string) => {
    const known = held.get(agentId) ?? new Set<string>();
    held.set(agentId, known);
    return known;
  };
  for (const event of log) {
    const { runId } = event;
    if (event.kind === 'freed') {
      for (const { agentId, role } of event.slots) {
        if (slotsOf(agentId).delete(`${runId} ${role}`)) continue;
        faults.push(`${runId} gave back a slot of ${agentId} (${role}) that it did not hold`);
      }
      continue;
    }
    if (allocated.has(runId)) faults.push(`${runId} was given a gang twice`);
    allocated.add(runId);
    const members = new Set(event.slots.map(({ agentId, role }) => `${agentId} ${role}`));
    if (members.size !== membersOf(runId)) {
      faults.push(`${runId} was given ${members.size} of ${membersOf(runId)} members`);
    }
    for (const { agentId, role, of } of event.slots) {
      const slots = slotsOf(agentId).add(`${runId} ${role}`);
      if (slots.size <= of) continue;
      faults.push(`${agentId} has ${of} slots and ${slots.size} were taken: ${[...slots].join()}`);
    }
  }
  for (const [agentId, slots] of held) {
    if (slots.size > 0) faults.push(`${agentId} never got back: ${[...slots].join()}`);
  }
  return faults;
}
