import {
  type Check,
  type Drift,
  type ErrorClass,
  isDriftThreshold,
  isErrorThreshold,
  type RunResult,
  type Threshold,
  windowSecondsOf,
} from '@oversoak/contracts';
import type { Histogram, Measured } from './figures.ts';
import {
  allOf,
  errorCount,
  type Finding,
  findDrift,
  findErrors,
  findLatency,
  findRate,
  known,
} from './finding.ts';
import { PERCENTILES } from './latency.ts';
import { countText, spanText } from './text.ts';
import { coveredSeconds, plannedWindows, type Stretch, stretchesOf } from './windows.ts';

/** A check with its threshold and a readable reason. */
export interface Checked {
  threshold: Threshold;
  check: Check;
  /** Why the outcome is unknown. */
  why: string;
}

/** The figures of a whole run that its thresholds need. */
export interface Whole {
  measured: Measured;
  intended: Histogram;
  /** The longest that the messages can have taken which the fleet disturbed. */
  disturbed: Histogram;
  errors: Record<ErrorClass, number>;
  drifts: readonly Drift[];
}

function find(threshold: Threshold, whole: Whole): Finding {
  const { measured, intended, disturbed, errors, drifts } = whole;
  const { metric } = threshold;
  if (isErrorThreshold(threshold)) return findErrors(threshold, errors);
  if (metric === 'achieved.rate') return findRate(threshold, measured);
  if (!isDriftThreshold(threshold)) {
    return findLatency(threshold, intended, disturbed);
  }
  const drift = drifts.find((each) => `drift.${each.metric}` === metric);
  if (drift === undefined) throw new Error(`no figure for the metric "${metric}"`);
  return findDrift(threshold, drift);
}

/** Compares every threshold with the measured figures. */
export function check(
  result: RunResult,
  thresholds: readonly Threshold[],
  whole: Whole,
): Checked[] {
  const lengths = new Set(thresholds.map(({ everySeconds }) => everySeconds));
  // One pass over the windows per window length: merging their histograms is expensive.
  const windowed = new Map(
    [...lengths].flatMap((everySeconds) => {
      if (everySeconds === null) return [];
      const alike = thresholds.filter((threshold) => threshold.everySeconds === everySeconds);
      return [...findInStretches(result, alike, everySeconds, whole)];
    }),
  );
  return thresholds.map((threshold) => {
    const findings = windowed.get(threshold);
    if (findings !== undefined) return ofStretches(threshold, findings, uncovered(result));
    const { outcome, text, why } = find(threshold, whole);
    return { threshold, check: { threshold: threshold.text, outcome, actual: text }, why };
  });
}

function findInStretches(
  result: RunResult,
  thresholds: readonly Threshold[],
  everySeconds: number,
  whole: Whole,
): Map<Threshold, Finding[]> {
  const stretches = stretchesOf(result, everySeconds);
  const planned = plannedWindows(everySeconds, result.spec.phases);
  const findings = new Map<Threshold, Finding[]>(thresholds.map((each) => [each, []]));
  const latencies = thresholds.some(({ metric }) => metric in PERCENTILES);
  for (const stretch of stretches) {
    const latency = latencies ? stretch.latency() : null;
    for (const threshold of thresholds) {
      // Any of the run's longest may be of this stretch.
      const disturbed = allOf(stretch.load.disturbed, whole.disturbed.maxValue);
      const finding = findInStretch(threshold, stretch, latency, disturbed, planned);
      const text = `${finding.text} ${spanText(stretch)}`;
      const why = `${spanText(stretch)} ${finding.why}`;
      findings.get(threshold)?.push({ ...finding, text, why });
    }
  }
  for (const threshold of thresholds.filter(isErrorThreshold)) {
    const inside = stretches.reduce(
      (sum, { errors }) => sum + errorCount(threshold.metric, errors),
      0,
    );
    const outside = Math.max(0, errorCount(threshold.metric, whole.errors) - inside);
    const text = `${countText(outside)} before, after or between the windows`;
    findings.get(threshold)?.push(known(threshold, outside, text));
  }
  return findings;
}

/** Pure: compares one stretch with a threshold; `latency`: for latency thresholds only. */
export function findInStretch(
  threshold: Threshold,
  { load, errors }: Pick<Stretch, 'load' | 'errors'>,
  latency: Histogram | null,
  disturbed: Histogram,
  windows: number,
): Finding {
  if (isErrorThreshold(threshold)) return findErrors(threshold, errors);
  if (latency === null || threshold.metric === 'achieved.rate') {
    return findRate(threshold, load, windows);
  }
  return findLatency(threshold, latency, disturbed, windows);
}

/** States which part of the measurement the windows do not cover; null: none. */
function uncovered(result: RunResult): string | null {
  const { measureSeconds } = result.spec.phases;
  const windowSeconds = windowSecondsOf(measureSeconds);
  const wholeSeconds = Math.floor(measureSeconds / windowSeconds) * windowSeconds;
  const seconds = coveredSeconds(result);
  if (seconds > wholeSeconds - windowSeconds / 2) return null;
  return `the windows cover ${seconds} s of ${wholeSeconds} s measured`;
}

/** Whether the first value misses the threshold by more than the second. */
function worse({ operator, limit }: Threshold, a: number, b: number): boolean {
  if (operator === '<' || operator === '<=') return a > b;
  if (operator === '>' || operator === '>=') return a < b;
  return Math.abs(a - limit) > Math.abs(b - limit);
}

function worstOf(threshold: Threshold, findings: readonly Finding[]): Finding | undefined {
  return findings.reduce<Finding | undefined>((worst, each) => {
    if (each.value === null) return worst;
    if (worst === undefined || worst.value === null) return each;
    return worse(threshold, each.value, worst.value) ? each : worst;
  }, undefined);
}

/** A threshold holds if it holds in every window. */
export function ofStretches(
  threshold: Threshold,
  findings: readonly Finding[],
  uncoveredWhy: string | null,
): Checked {
  const missed = findings.filter(({ outcome }) => outcome === 'missed');
  const open = findings.find(({ outcome }) => outcome === 'unknown');
  const undecided = findings.filter(({ outcome }) => outcome === 'unknown').length;
  const worst = worstOf(threshold, missed.length > 0 ? missed : findings);
  const why = open?.why ?? uncoveredWhy ?? '';
  const outcome = missed.length > 0 ? 'missed' : why === '' ? 'held' : 'unknown';
  const actual = worst?.text ?? 'not known';
  const windows = { judged: findings.length - undecided, missed: missed.length, undecided };
  return { threshold, check: { threshold: threshold.text, outcome, actual, windows }, why };
}

/** The reason in the verdict for a check that does not hold. */
export function reasonOf({ threshold, check: { outcome, actual, windows }, why }: Checked): string {
  if (outcome === 'unknown') {
    const { judged = 0, undecided = 0 } = windows ?? {};
    const open = `(undecided in ${undecided} of ${judged + undecided} windows)`;
    return `cannot tell whether ${threshold.text}: ${why}${undecided === 0 ? '' : ` ${open}`}`;
  }
  const often =
    windows === undefined ? '' : ` (missed in ${windows.missed} of ${windows.judged} windows)`;
  return `${threshold.metric} is ${actual}, wanted ${threshold.text}${often}`;
}
