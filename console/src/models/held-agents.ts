import type { Soak } from '@oversoak/contracts';
import { cellKey } from '@oversoak/contracts/options/matrix';
import { activeRuns } from './run-grid.ts';

/** A run that holds a slot of an agent. */
export interface Holder {
  soakId: string;
  soakName: string;
  runId: string;
  /** `iocp.homo.100, repeat 1, as server`. */
  text: string;
}

/** Pure: what holds each agent, by its id. */
export function holders(soaks: readonly Soak[]): Map<string, Holder[]> {
  const held = new Map<string, Holder[]>();
  for (const soak of soaks) {
    for (const { runId, cell, repeat, gang } of activeRuns(soak)) {
      for (const { agentId, role } of gang) {
        const text = `${cellKey(cell)}, repeat ${repeat}, as ${role}`;
        const holder = { soakId: soak.soakId, soakName: soak.name, runId, text };
        held.set(agentId, [...(held.get(agentId) ?? []), holder]);
      }
    }
  }
  return held;
}
