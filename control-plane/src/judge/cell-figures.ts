import type { Judgement, RunResult } from '@oversoak/contracts';
import type { CellFigures } from '../model/cell-figures.ts';
import { absentees, measuredLatency } from './figures.ts';
import { percentileUs } from './latency.ts';
import { platformOfResult } from './result.ts';

/** Pure: null unless the run is complete and its load was sound. */
export function cellFigures(
  result: RunResult,
  { loadSound }: Judgement,
  atMs: number,
): CellFigures | null {
  const platform = platformOfResult(result);
  if (!loadSound || platform === null || absentees(result).length > 0) return null;
  const latency = measuredLatency(result, 'intended');
  const drift = (result.evidence?.drift ?? []).flatMap(({ metric, slope, low, high }) =>
    slope === null ? [] : [{ metric, slope, low, high }],
  );
  const p99Us = latency.totalCount === 0 ? null : percentileUs(latency, 99);
  return { atMs: Math.floor(atMs), platform, p99Us, drift };
}
