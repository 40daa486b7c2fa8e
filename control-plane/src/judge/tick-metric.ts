import { mergeHistograms, type Threshold } from '@oversoak/contracts';
import { doubtsOf } from './delivery-metric.ts';
import { ticksOf } from './figures.ts';
import { type Finding, unknown } from './finding.ts';
import { unlessLateByFleet } from './fleet-delay.ts';
import { MIN_ECHOES, PERCENTILES, percentileUs, TICK_FIGURES, type TickFigure } from './latency.ts';
import { findLatency } from './latency-metric.ts';
import type { Metric, Planned, Whole } from './metric.ts';
import { countText } from './text.ts';

function findTick(name: TickFigure, threshold: Threshold, whole: Whole): Finding {
  const { result, measured, sendLag } = whole;
  const ticks = ticksOf(result);
  if (ticks.withoutClock > 0) {
    const why =
      'a tick is due by the clock of the server, and a fleet reads another one: a tick has a ' +
      'latency only where server and fleet are on one machine, both under Wine or neither';
    return unknown('not known', why);
  }
  if (ticks.latency.length === 0) return unknown('not known', 'the fleet measured no ticks');
  const latency = mergeHistograms(ticks.latency);
  const finding = findLatency(name, threshold, latency, doubtsOf(latency, ticks, whole));
  // No session has to make room for a tick.
  const latencies = { percent: PERCENTILES[name], intended: latency, held: 0 };
  const { busyPercent } = measured;
  const lateness = { busyPercent, sendLag, messages: latency.totalCount };
  return unlessLateByFleet(finding, threshold, latencies, lateness);
}

function whyTooFew(name: TickFigure, { measureSeconds, ticksPerSecond }: Planned): string | null {
  if (ticksPerSecond === null || ticksPerSecond === 0) {
    return `"${name}" needs workload.zones.ticksPerSecond: without it there are no ticks`;
  }
  const [needed, expected] = [MIN_ECHOES[name], ticksPerSecond * measureSeconds];
  if (expected >= needed) return null;
  const due = `${ticksPerSecond} per second × phases.measureSeconds ${measureSeconds}`;
  return `"${name}" needs ${countText(needed)} ticks: ${due} = ${countText(Math.floor(expected))} come to members`;
}

const tickMetric = (name: TickFigure): Metric => ({
  find: (threshold, whole) => findTick(name, threshold, whole),
  findInWindow: null,
  figureOf: (result) => {
    const ticks = ticksOf(result);
    const latency = mergeHistograms(ticks.latency);
    if (ticks.withoutClock > 0 || latency.totalCount < MIN_ECHOES[name]) return null;
    return percentileUs(latency, PERCENTILES[name]);
  },
  whyUndecidable: (_, planned) => whyTooFew(name, planned),
});

export const TICK_METRICS = Object.fromEntries(
  TICK_FIGURES.map((name) => [name, tickMetric(name)]),
) as Record<TickFigure, Metric>;
