import { emptyHistogram, type Judgement, type RunResult } from '@oversoak/contracts';
import type { CellFigures } from '../model/cell-figures.ts';
import { absentees, type Histogram, measuredLatency } from './figures.ts';
import { percentileUs } from './latency.ts';
import { systemOfResult } from './result.ts';

/** Pure: whether a run counts for the figures of its cell: it is complete and its load was sound. */
export function countsForCell(result: RunResult, { loadSound }: Judgement): boolean {
  return loadSound && systemOfResult(result) !== null && absentees(result).length === 0;
}

/**
 * Pure: null unless the run counts for its cell.
 * @param earlier the latency of the cell's other repeats that are done and count
 */
export function cellFigures(
  result: RunResult,
  judgement: Judgement,
  atMs: number,
  earlier: Histogram = emptyHistogram(),
): CellFigures | null {
  const platform = systemOfResult(result);
  if (platform === null || !countsForCell(result, judgement)) return null;
  const latency = measuredLatency(result, 'intended');
  latency.add(earlier);
  const drift = (result.evidence?.drift ?? []).flatMap(({ metric, slope, low, high }) =>
    slope === null ? [] : [{ metric, slope, low, high }],
  );
  const p99Us = latency.totalCount === 0 ? null : percentileUs(latency, 99);
  return { atMs: Math.floor(atMs), platform, p99Us, drift };
}
