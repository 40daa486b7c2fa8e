import { mergeHistograms, type Threshold } from '@oversoak/contracts';
import { burstNs } from './behind-others.ts';
import { disturbedUpTo } from './disturbed.ts';
import { type Deliveries, deliveriesOf, type Histogram } from './figures.ts';
import { type Finding, unknown } from './finding.ts';
import { unlessLateByFleet } from './fleet-delay.ts';
import {
  DELIVERY_FIGURES,
  type DeliveryFigure,
  MIN_ECHOES,
  PERCENTILES,
  percentileUs,
} from './latency.ts';
import { type Doubts, findLatency } from './latency-metric.ts';
import type { Metric, Planned, Whole } from './metric.ts';
import { ratio } from './pooled.ts';
import { countText } from './text.ts';

/**
 * Deliveries or ticks whose latency the fleet disturbed. Those to slow readers are in no latency
 * either, on purpose: with some, twice the share of the echoes that were disturbed stands for theirs.
 */
function disturbedOf(
  { count, untimed }: Pick<Deliveries, 'count' | 'untimed'>,
  { result, measured }: Whole,
): number {
  if (result.spec.workload.slowReaders === undefined) return untimed;
  const share = ratio(measured.disturbed, measured.echoed) ?? 0;
  return Math.min(untimed, Math.ceil(2 * share * (count + untimed)));
}

/** The doubts of deliveries or ticks: what another fleet can have delayed has the share of messages. */
export function doubtsOf(
  latency: Histogram,
  arrivals: Pick<Deliveries, 'count' | 'untimed'>,
  whole: Whole,
): Doubts {
  const { behindOthers, due } = whole.measured;
  return {
    disturbed: disturbedUpTo(disturbedOf(arrivals, whole), whole.disturbed.most.maxValue),
    behindOthers: Math.ceil(latency.totalCount * (ratio(behindOthers, due) ?? 0)),
    burstNs: burstNs(whole.sendLag),
  };
}

function findDelivery(name: DeliveryFigure, threshold: Threshold, whole: Whole): Finding {
  const { result, measured, sendLag } = whole;
  const deliveries = deliveriesOf(result);
  if (deliveries.latency.length === 0) {
    return unknown('not known', 'the fleet measured no deliveries');
  }
  const latency = mergeHistograms(deliveries.latency);
  const finding = findLatency(name, threshold, latency, doubtsOf(latency, deliveries, whole));
  // A message that waited for room is late to every member of its zone.
  const held = measured.held * (result.spec.workload.zones?.size ?? 1);
  const latencies = { percent: PERCENTILES[name], intended: latency, held };
  const { busyPercent } = measured;
  const lateness = { busyPercent, sendLag, messages: latency.totalCount };
  return unlessLateByFleet(finding, threshold, latencies, lateness);
}

function whyTooFew(name: DeliveryFigure, planned: Planned): string | null {
  const { measureSeconds, deliveriesPerSecond } = planned;
  if (deliveriesPerSecond === null) {
    return `"${name}" needs workload.zones: without zones there are no deliveries`;
  }
  const [needed, expected] = [MIN_ECHOES[name], deliveriesPerSecond * measureSeconds];
  if (expected >= needed) return null;
  const due = `${deliveriesPerSecond} per second × phases.measureSeconds ${measureSeconds}`;
  return `"${name}" needs ${countText(needed)} deliveries: ${due} = ${countText(Math.floor(expected))} are due`;
}

const deliveryMetric = (name: DeliveryFigure): Metric => ({
  find: (threshold, whole) => findDelivery(name, threshold, whole),
  findInWindow: null,
  figureOf: (result) => {
    const latency = mergeHistograms(deliveriesOf(result).latency);
    if (latency.totalCount < MIN_ECHOES[name]) return null;
    return percentileUs(latency, PERCENTILES[name]);
  },
  whyUndecidable: (_, planned) => whyTooFew(name, planned),
});

export const DELIVERY_METRICS = Object.fromEntries(
  DELIVERY_FIGURES.map((name) => [name, deliveryMetric(name)]),
) as Record<DeliveryFigure, Metric>;
