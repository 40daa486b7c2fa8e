import type { DriftMetric, Judgement, Platform, RunResult } from '@oversoak/contracts';
import { absentees, measuredLatency } from './figures.ts';
import { percentileUs } from './latency.ts';
import { platformOfResult } from './result.ts';

/** The few figures of a cell's last sound run that telemetry goes on telling. */
export interface CellFigures {
  /** When it was done, Redis time. */
  atMs: number;
  platform: Platform;
  /** From the intended send time; null: no echo. */
  p99Us: number | null;
  /** Slopes per hour; those that nobody knows are left out. */
  drift: { metric: DriftMetric; slope: number }[];
}

/** Pure: null where the figures are not those of a sound and whole run. */
export function cellFigures(
  result: RunResult,
  { loadSound }: Judgement,
  atMs: number,
): CellFigures | null {
  const platform = platformOfResult(result);
  if (!loadSound || platform === null || absentees(result).length > 0) return null;
  const latency = measuredLatency(result, 'intended');
  const drift = (result.evidence?.drift ?? []).flatMap(({ metric, slope }) =>
    slope === null ? [] : [{ metric, slope }],
  );
  const p99Us = latency.totalCount === 0 ? null : percentileUs(latency, 99);
  return { atMs: Math.floor(atMs), platform, p99Us, drift };
}
