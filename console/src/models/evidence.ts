import type {
  Check,
  ComparedCell,
  Drift,
  ErrorBound,
  ErrorEvidence,
  ReportedRun,
  SoakSpec,
} from '@oversoak/contracts';
import { decimal, mebibytes, milliseconds, NONE } from '@oversoak/contracts/results/figure-text';
import { thresholdText } from '@oversoak/contracts/spec/threshold';

export interface RunEvidence {
  runId: string;
  repeat: number;
  /** Thresholds of the spec, and implied ones that did not hold. */
  checks: Check[];
  /** Implied thresholds that held; they are only counted. */
  impliedHeld: number;
  bound: ErrorBound | null;
  drift: Drift[];
  notes: readonly string[];
  firstErrors: readonly ErrorEvidence[];
}

/** Pure: what the verdict of each run of a cell rests on. */
export function evidenceOf(
  key: string,
  runs: readonly ReportedRun[],
  { thresholds }: Pick<SoakSpec, 'thresholds'>,
): RunEvidence[] {
  const written = new Set(thresholds.map(thresholdText));
  return runs
    .filter((run) => run.key === key)
    .map(({ runId, repeat, evidence, notes, firstErrors }) => {
      const all = evidence?.checks ?? [];
      const checks = all.filter(
        ({ threshold, outcome }) => written.has(threshold) || outcome !== 'held',
      );
      const impliedHeld = all.length - checks.length;
      const { errorBound: bound = null, drift = [] } = evidence ?? {};
      return { runId, repeat, checks, impliedHeld, bound, drift, notes, firstErrors };
    });
}

/** A threshold of a cell, with its check in each of the runs; undefined: that run has none. */
export interface CheckRow {
  threshold: string;
  checks: (Check | undefined)[];
}

/** Pure: threshold by threshold what the verdict of a cell rests on, with a column for each run. */
export function checkRows(runs: readonly RunEvidence[]): CheckRow[] {
  const thresholds = new Set(
    runs.flatMap(({ checks }) => checks.map(({ threshold }) => threshold)),
  );
  return [...thresholds].map((threshold) => ({
    threshold,
    checks: runs.map(({ checks }) => checks.find((check) => check.threshold === threshold)),
  }));
}

const DRIFT_UNITS: Record<Drift['unit'], { unit: string; text(value: number | null): string }> = {
  'bytes/h': { unit: 'MiB/h', text: mebibytes },
  'handles/h': { unit: 'handles/h', text: decimal },
  'threads/h': { unit: 'threads/h', text: decimal },
  'us/h': { unit: 'ms/h', text: milliseconds },
};

/** Pure: `1.20 MiB/h (0.90 to 1.50)`; `–` without a figure. */
export function driftText({ unit, slope, low, high }: Drift): string {
  if (slope === null) return NONE;
  const { unit: written, text } = DRIFT_UNITS[unit];
  const interval = low === null || high === null ? '' : ` (${text(low)} to ${text(high)})`;
  return `${text(slope)} ${written}${interval}`;
}

export interface CountedErrors {
  name: string;
  count: number;
}

/** Pure: the error classes that a cell counted. */
export function countedErrors({ errors }: Pick<ComparedCell, 'errors'>): CountedErrors[] {
  return Object.entries(errors as Record<string, number>).flatMap(([name, count]) =>
    count > 0 ? [{ name, count }] : [],
  );
}
