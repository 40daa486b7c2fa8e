import { emptyHistogram, type Threshold, withLargestLess } from '@oversoak/contracts';
import { behindOthersText, burstNs } from './behind-others.ts';
import type { Disturbed } from './disturbed.ts';
import { type Histogram, measuredLatency } from './figures.ts';
import { type Finding, known, unknown } from './finding.ts';
import { unlessLateByFleet } from './fleet-delay.ts';
import {
  type AnyLatencyFigure,
  LATENCY_FIGURES,
  type LatencyFigure,
  MIN_ECHOES,
  PERCENTILES,
  percentileUs,
} from './latency.ts';
import type { Metric } from './metric.ts';
import { whyTooFew } from './planned-messages.ts';
import { countText, durationText } from './text.ts';
import { findPercentileInWindow, minEchoesToHold } from './window-percentile.ts';

/** What of a latency the fleets themselves can have caused. */
export interface Doubts {
  disturbed: Disturbed;
  /** Messages in the latency that may have waited behind what another fleet sent at once. */
  behindOthers: number;
  /** For how long at most. */
  burstNs: number;
}

/**
 * Compares a latency of echoes, deliveries or ticks with its limit, over the whole or in one of
 * `windows` windows. If the outcome depends on what a fleet itself can have caused, it is unknown; if
 * the least and the most that messages can have taken agree on it, it is theirs.
 */
export function findLatency(
  name: AnyLatencyFigure,
  threshold: Threshold,
  latency: Histogram,
  { disturbed, behindOthers, burstNs: longestNs }: Doubts,
  windows: number | null = null,
): Finding {
  const count = disturbed.most.totalCount;
  const finding = findKnownLatency(name, threshold, latency, { windows, disturbed: count });
  if (count + behindOthers === 0) return finding;
  const of = (known: Histogram) =>
    findKnownLatency(name, threshold, known, { windows, disturbed: 0 });
  const most = of(mergedWith(latency, disturbed.most));
  /** What is certain, if messages took this at least. */
  const agreed = (low: Finding) => {
    if (low.outcome !== most.outcome || low.outcome === 'unknown') return null;
    if (low.outcome === finding.outcome) return finding;
    return low.outcome === 'missed'
      ? { ...low, text: `at least ${low.text}` }
      : { ...most, text: `at most ${most.text}` };
  };
  const all = mergedWith(latency, disturbed.least);
  // Those that the own fleet disturbed may all have waited for another as well.
  const disturbedToo = behindOthers === 0 ? 0 : count;
  const least = mergedWith(
    withLargestLess(latency, behindOthers, longestNs),
    withLargestLess(disturbed.least, disturbedToo, longestNs),
  );
  const sure = agreed(of(least));
  if (sure !== null) return sure;
  if (finding.outcome === 'unknown') return finding;
  const things = thingsOf(name) === 'echoes' ? 'messages' : thingsOf(name);
  const why =
    agreed(of(all)) !== null
      ? `${behindOthersText(behindOthers, things)} for up to ${durationText(longestNs / 1000)}: ` +
        'consistent with both'
      : `the fleet stood still while ${countText(count)} ${things} were in flight, or sent at once ` +
        `what they waited behind; their latency is only known to be at most ` +
        `${durationText(disturbed.most.maxValue / 1000)}, which is consistent with both`;
  return unknown(finding.text, why, finding.value);
}

function mergedWith(latency: Histogram, more: Histogram): Histogram {
  const merged = emptyHistogram();
  merged.add(latency);
  merged.add(more);
  return merged;
}

function thingsOf(name: AnyLatencyFigure): 'echoes' | 'deliveries' | 'ticks' {
  if (name.startsWith('echo.')) return 'echoes';
  return name.startsWith('tick.') ? 'ticks' : 'deliveries';
}

function findKnownLatency(
  name: AnyLatencyFigure,
  threshold: Threshold,
  latency: Histogram,
  { windows, disturbed }: { windows: number | null; disturbed: number },
): Finding {
  const percent = PERCENTILES[name];
  const needed = MIN_ECHOES[name];
  const { totalCount } = latency;
  if (totalCount < needed) {
    const came = `${countText(totalCount)} ${thingsOf(name)}`;
    const text = `not known (${came})`;
    if (disturbed === 0) return unknown(text, `${came} came back, it needs ${needed}`);
    const others = `the fleet stood still while ${countText(disturbed)} others were in flight`;
    return unknown(text, `${came} came back undisturbed, it needs ${needed}; ${others}`);
  }
  const value = percentileUs(latency, percent);
  const text = durationText(value);
  const exact = windows === null || percent === 100 || threshold.operator === '==';
  if (exact) return known(threshold, value, text);
  const { outcome, above } = findPercentileInWindow(threshold, percent, latency, windows);
  const counts = `${countText(above)} of ${countText(totalCount)} echoes were above the limit`;
  const why = outcome === 'unknown' ? `${counts}, which is consistent with both` : '';
  return { outcome, value, text, why };
}

/** Echoes that a threshold needs to be decided. */
function neededOf(name: LatencyFigure, { operator, everySeconds }: Threshold): number {
  const [percent, least] = [PERCENTILES[name], MIN_ECHOES[name]];
  const below = operator === '<' || operator === '<=';
  if (everySeconds === null || percent === 100 || !below) return least;
  return Math.max(least, minEchoesToHold(percent));
}

const latencyMetric = (name: LatencyFigure): Metric => ({
  find: (threshold, { intended, disturbed, sendLag, measured }) => {
    const { busyPercent, held, behindOthers } = measured;
    const finding = findLatency(name, threshold, intended, {
      disturbed,
      behindOthers,
      burstNs: burstNs(sendLag),
    });
    const all = mergedWith(intended, disturbed.least);
    const latencies = { percent: PERCENTILES[name], intended: all, held };
    const lateness = { busyPercent, sendLag, messages: all.totalCount };
    return unlessLateByFleet(finding, threshold, latencies, lateness);
  },
  findInWindow: (threshold, window, windows) => {
    const intended = window.latency();
    const lateness = window.lateness();
    const doubts = {
      disturbed: window.disturbed(),
      behindOthers: window.behindOthers,
      burstNs: burstNs(lateness.sendLag),
    };
    const finding = findLatency(name, threshold, intended, doubts, windows);
    const latencies = { percent: PERCENTILES[name], intended, held: window.load.held };
    return unlessLateByFleet(finding, threshold, latencies, lateness);
  },
  figureOf: (result) => {
    const latency = measuredLatency(result, 'intended');
    if (latency.totalCount < MIN_ECHOES[name]) return null;
    return percentileUs(latency, PERCENTILES[name]);
  },
  whyUndecidable: (threshold, planned) =>
    whyTooFew(threshold, neededOf(name, threshold), 'echoes', planned),
});

export const LATENCY_METRICS = Object.fromEntries(
  LATENCY_FIGURES.map((name) => [name, latencyMetric(name)]),
) as Record<LatencyFigure, Metric>;
