import type { DriftMetric, Platform } from '@oversoak/contracts';

/** Figures of a cell's last sound run, which telemetry keeps exporting. */
export interface CellFigures {
  /** When the run was done, in Redis time. */
  atMs: number;
  platform: Platform;
  /** From the intended send time; null: no echo came back. */
  p99Us: number | null;
  /** Slopes per hour with their 95 % intervals; unknown ones are omitted. */
  drift: { metric: DriftMetric; slope: number; low: number | null; high: number | null }[];
}
