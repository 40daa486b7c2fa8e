import {
  DRIFT_METRICS as DRIFT_NAMES,
  type Drift,
  type DriftMetric,
  type JudgedFigure,
  type Threshold,
  windowSecondsOf,
} from '@oversoak/contracts';
import { MIN_CYCLES } from './cycles.ts';
import { driftsOf, isBelow, MIN_MINUTES, MIN_WINDOWS, risesAbove, SHORT_LIMITS } from './drift.ts';
import { type Finding, unknown } from './finding.ts';
import { MIN_ECHOES } from './latency.ts';
import type { Metric, Planned } from './metric.ts';
import { dueText } from './planned-messages.ts';
import { cyclesText, driftText } from './text.ts';

/**
 * Compares a drift with its limit. It misses if a rise above the limit is significant and has
 * the shape of a leak; it holds if the interval ends below the limit.
 */
function findDrift(threshold: Threshold, drift: Drift): Finding {
  const text = driftText(drift);
  const { slope, windows } = drift;
  if (slope === null) {
    if (windows === 0)
      return unknown(text, 'the platform has no such figure, or no window was whole');
    const few = `${windows} windows were measured, a trend needs ${MIN_WINDOWS}`;
    const echoes = drift.metric === 'p99' ? ' with 100 echoes each' : '';
    return unknown(text, `${few}${echoes}: measure longer`);
  }
  if (isBelow(drift, threshold.limit)) return { outcome: 'held', value: slope, text, why: '' };
  if (!risesAbove(drift, threshold.limit)) {
    return unknown(
      text,
      `it is ${text}, ${whyOpen(drift, threshold.limit)}: measure longer`,
      slope,
    );
  }
  return { outcome: 'missed', value: slope, text, why: '' };
}

/** Why a drift that is not below its limit is not a miss either. */
function whyOpen({ low, rise, cycles }: Drift, limit: number): string {
  if (rise === 'few-cycles') {
    return `but over ${cyclesText(cycles)}, and ${MIN_CYCLES} are needed to distinguish a rise from a cycle`;
  }
  if (low !== null && low <= limit) return 'which is consistent with both';
  if (rise === 'none') return 'but it does not rise throughout like a leak';
  if (rise === 'bent') return 'but possibly with a bend, like a cache that fills or a slow cycle';
  if (low === null) return 'which is consistent with both';
  const few = `under ${MIN_MINUTES} minutes a rise must be ${SHORT_LIMITS} times the limit`;
  return `but ${few}, or it may be the flank of a slow cycle`;
}

function whyNoDrift(name: DriftMetric, planned: Planned): string | null {
  const metric = `drift.${name}`;
  const { measureSeconds, ratePerSecond, ofTarget } = planned;
  const ofEchoes = name === 'p99';
  if (ofTarget && !ofEchoes) {
    return `"${metric}" is of a server that oversoak starts; a target has no such figure`;
  }
  const windowSeconds = windowSecondsOf(measureSeconds);
  const windows = Math.floor(measureSeconds / windowSeconds);
  if (windows < MIN_WINDOWS) {
    const needs = `"${metric}" needs ${MIN_WINDOWS} windows of ${windowSeconds} s`;
    return `${needs}: phases.measureSeconds is ${measureSeconds}, which gives ${windows} windows`;
  }
  if (!ofEchoes || ratePerSecond === null) return null;
  const each = MIN_ECHOES['echo.latency.p99'];
  const due = ratePerSecond * windows * windowSeconds;
  // Neighbouring windows are merged until they have enough echoes.
  const together = Math.ceil((each * windows) / due);
  if (Math.floor(windows / together) >= MIN_WINDOWS) return null;
  const needs = `"${metric}" needs ${MIN_WINDOWS} windows of ${each} echoes`;
  return `${needs}: ${dueText(ratePerSecond, 'phases.measureSeconds', measureSeconds)}`;
}

const driftOf = (name: DriftMetric, drifts: readonly Drift[]): Drift => {
  const drift = drifts.find(({ metric }) => metric === name);
  if (drift === undefined) throw new Error(`no drift of "${name}"`);
  return drift;
};

const driftMetric = (name: DriftMetric): Metric => ({
  find: (threshold, { drifts }) => findDrift(threshold, driftOf(name, drifts)),
  findInWindow: null,
  figureOf: (result) => driftOf(name, driftsOf(result)).slope,
  whyUndecidable: (_threshold, planned) => whyNoDrift(name, planned),
});

export const DRIFT_METRICS = Object.fromEntries(
  DRIFT_NAMES.map((name) => [`drift.${name}`, driftMetric(name)]),
) as Record<Extract<JudgedFigure, `drift.${string}`>, Metric>;
