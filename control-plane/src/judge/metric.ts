import type { Drift, ErrorClass, Load, RunResult, Threshold } from '@oversoak/contracts';
import type { Disturbed } from './disturbed.ts';
import type { Histogram, Measured } from './figures.ts';
import type { Finding } from './finding.ts';
import type { Lateness } from './fleet-delay.ts';

/** A run's result, and the figures of it that more than one metric needs. */
export interface Whole {
  result: RunResult;
  measured: Measured;
  intended: Histogram;
  actual: Histogram;
  disturbed: Disturbed;
  /** How late the fleets themselves were. */
  sendLag: Histogram;
  errors: Record<ErrorClass, number>;
  drifts: readonly Drift[];
}

/** The figures of one window. Histograms are made when a metric needs them. */
export interface WindowFigures {
  load: Load;
  errors: Readonly<Partial<Record<ErrorClass, number>>>;
  latency(): Histogram;
  disturbed(): Disturbed;
  /** Messages that another fleet can have delayed. */
  behindOthers: number;
  /** Echoes of the run that may have come too late because of that, at most. */
  lateByOthers: number;
  lateness(): Lateness;
}

/** The planned figures of a run. */
export interface Planned {
  measureSeconds: number;
  /** Of the whole fleet; null: not known beforehand. */
  ratePerSecond: number | null;
  /** Of messages to the members of zones; null: no zones, or not known beforehand. */
  deliveriesPerSecond: number | null;
  /** Of ticks to the members of zones; null: likewise. */
  ticksPerSecond: number | null;
  /** Whether the echoes make the rate. */
  closedLoop: boolean;
  /** Whether the server is a target, which has only the fleet's figures. */
  ofTarget: boolean;
}

/** How a metric of thresholds is computed, judged, and known beforehand to be undecidable. Pure. */
export interface Metric {
  /** Compares the whole measurement with a threshold. */
  find(threshold: Threshold, whole: Whole): Finding;
  /** Compares one of `windows` windows with a threshold; null: "every" is refused. */
  findInWindow: ((threshold: Threshold, window: WindowFigures, windows: number) => Finding) | null;
  /** Compares what lies outside of all windows; absent: nothing of it counts. */
  findOutside?(
    threshold: Threshold,
    windows: readonly Pick<WindowFigures, 'errors'>[],
    whole: Whole,
  ): Finding;
  /** The figure of a run, in its own unit; null: it has none, or too little was measured. */
  figureOf(result: RunResult): number | null;
  /** Why a run that goes as planned cannot decide a threshold; null: it can. */
  whyUndecidable(threshold: Threshold, planned: Planned): string | null;
}
