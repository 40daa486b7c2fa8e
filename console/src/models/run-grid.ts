import type { Run, RunState, Soak, Verdict } from '@oversoak/contracts';
import { cellKey } from '@oversoak/contracts/options/matrix';

export interface GridRun {
  runId: string;
  repeat: number;
  state: RunState;
  verdict: Verdict | null;
}

export interface GridRow {
  key: string;
  runs: GridRun[];
}

/** Pure: cells × repeats of a soak, in the order of its runs. */
export function runGrid(runs: readonly Run[]): GridRow[] {
  const rows = new Map<string, GridRun[]>();
  for (const { runId, cell, repeat, state, judgement } of runs) {
    const key = cellKey(cell);
    const run = { runId, repeat, state, verdict: judgement?.verdict ?? null };
    rows.set(key, [...(rows.get(key) ?? []), run]);
  }
  return [...rows].map(([key, ofCell]) => ({
    key,
    runs: ofCell.toSorted((a, b) => a.repeat - b.repeat),
  }));
}

/** Runs that have a gang: their samples come in. */
export function activeRuns({ runs }: Pick<Soak, 'runs'>): Run[] {
  return runs.filter(({ state }) => !['queued', 'allocating', 'done'].includes(state));
}
