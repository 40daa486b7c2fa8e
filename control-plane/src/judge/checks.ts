import { type Check, type RunResult, type Threshold, windowSecondsOf } from '@oversoak/contracts';
import { disturbedUpTo } from './disturbed.ts';
import { lateByOthers } from './error-metric.ts';
import type { Histogram } from './figures.ts';
import type { Finding } from './finding.ts';
import type { Whole, WindowFigures } from './metric.ts';
import { METRICS } from './metrics.ts';
import { spanText } from './text.ts';
import { coveredSeconds, plannedWindows, type Stretch, stretchesOf } from './windows.ts';

/** A check with its threshold and a readable reason. */
export interface Checked {
  threshold: Threshold;
  check: Check;
  /** Why the outcome is unknown. */
  why: string;
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
    const { outcome, text, why } = METRICS[threshold.metric].find(threshold, whole);
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
  for (const stretch of stretches) {
    const window = figuresOf(stretch, whole);
    for (const threshold of thresholds) {
      const finding = findInWindow(threshold, window, planned);
      const text = `${finding.text} ${spanText(stretch)}`;
      const why = `${spanText(stretch)} ${finding.why}`;
      findings.get(threshold)?.push({ ...finding, text, why });
    }
  }
  for (const threshold of thresholds) {
    const outside = METRICS[threshold.metric].findOutside?.(threshold, stretches, whole);
    if (outside !== undefined) findings.get(threshold)?.push(outside);
  }
  return findings;
}

/** Merges the histograms of a stretch at most once, for all its thresholds. */
function figuresOf(stretch: Stretch, whole: Whole): WindowFigures {
  const { load, errors, busyPercent, behindOthers, latency } = stretch;
  const { sendLag, actual, intended } = whole;
  let merged: Histogram | undefined;
  return {
    load,
    errors,
    behindOthers,
    lateByOthers: lateByOthers(whole),
    latency: () => {
      merged ??= latency();
      return merged;
    },
    // The longest disturbed echo of the run may belong to this stretch.
    disturbed: () => disturbedUpTo(load.disturbed, whole.disturbed.most.maxValue),
    // So may every message that the fleet was late for.
    lateness: () => ({ busyPercent, sendLag, actual, messages: intended.totalCount }),
  };
}

/** Pure: compares one window with a threshold; `windows`: how many there are. */
export function findInWindow(
  threshold: Threshold,
  window: WindowFigures,
  windows: number,
): Finding {
  const { findInWindow: find } = METRICS[threshold.metric];
  if (find === null) throw new Error(`"${threshold.metric}" does not support "every"`);
  return find(threshold, window, windows);
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
    const open = `(in ${undecided} of ${judged + undecided} windows)`;
    return `undecided: ${threshold.text}: ${why}${undecided === 0 ? '' : ` ${open}`}`;
  }
  const often =
    windows === undefined ? '' : ` (missed in ${windows.missed} of ${windows.judged} windows)`;
  return `${threshold.metric} is ${actual}, wanted ${threshold.text}${often}`;
}
