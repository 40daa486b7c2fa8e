import type { DriftMetric, System } from '@oversoak/contracts';

/** Figures of a cell's last sound runs, which telemetry keeps exporting. */
export interface CellFigures {
  /** When the run was done, in Redis time. */
  atMs: number;
  platform: System;
  /**
   * Over all sound repeats of its last soak that are done, from the intended send time; null: no echo
   * came back.
   */
  p99Us: number | null;
  /** Of the last run: slopes per hour with their 95 % intervals; unknown ones are omitted. */
  drift: { metric: DriftMetric; slope: number; low: number | null; high: number | null }[];
}
