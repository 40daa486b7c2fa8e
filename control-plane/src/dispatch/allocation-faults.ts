import type { AllocationEvent } from '../store/allocations.ts';

/**
 * Pure: finds violated invariants in the allocation log: an agent with more slots taken than it
 * has, a run with two gangs, an incomplete gang, a slot that was freed without being taken or never
 * freed. `membersOf`: the gang size of a run. Returns one readable line for each violation. The log
 * must be complete and the cluster idle.
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
        faults.push(`${runId} freed a slot of ${agentId} (${role}) that it did not hold`);
      }
      continue;
    }
    if (allocated.has(runId)) faults.push(`${runId} was allocated two gangs`);
    allocated.add(runId);
    const members = new Set(event.slots.map(({ agentId, role }) => `${agentId} ${role}`));
    if (members.size !== membersOf(runId)) {
      faults.push(`${runId} was allocated ${members.size} of ${membersOf(runId)} members`);
    }
    for (const { agentId, role, of } of event.slots) {
      const slots = slotsOf(agentId).add(`${runId} ${role}`);
      if (slots.size <= of) continue;
      faults.push(`${agentId} has ${of} slots and ${slots.size} were taken: ${[...slots].join()}`);
    }
  }
  for (const [agentId, slots] of held) {
    if (slots.size > 0)
      faults.push(`${agentId} has slots that were never freed: ${[...slots].join()}`);
  }
  return faults;
}
