import type { DriftMetric, Platform } from '@oversoak/contracts';

/** The few figures of a cell's last sound run that telemetry keeps exporting. */
export interface CellFigures {
  /** When it was done, Redis time. */
  atMs: number;
  platform: Platform;
  /** From the intended send time; null: no echo. */
  p99Us: number | null;
  /** Slopes per hour; unknown ones are omitted. */
  drift: { metric: DriftMetric; slope: number }[];
}
