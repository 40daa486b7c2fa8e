import {
  addLoads,
  ERROR_CLASSES,
  type ErrorClass,
  type emptyHistogram,
  FLEET_ERROR_CLASSES,
  type FleetErrorClass,
  type FleetLatency,
  type FleetResult,
  type HistogramText,
  histogramSince,
  type Load,
  mergeHistograms,
  type RunResult,
  SERVER_ERROR_CLASSES,
  type ServerErrorClass,
  type ServerResult,
  type StageTable,
} from '@oversoak/contracts';
import { behindOthers } from './behind-others.ts';
import { sum } from './pooled.ts';

export type Histogram = ReturnType<typeof emptyHistogram>;

/** Figures of a run, summed over its fleets: counts, never rates or percentiles. */
export interface Measured extends Load {
  /** Duration of the longest fleet measurement. */
  seconds: number;
  /** Stalls of the fleets' threads. */
  stalls: FleetResult['figures']['final']['measured']['stalls'];
  /** Share of the measurement in which the busiest thread of any fleet had work. */
  busyPercent: number;
  /** Messages that another fleet can have delayed. */
  behindOthers: number;
}

/** Members of the gang without a result. */
export function absentees({ run, server, fleets }: RunResult): RunResult['run']['gang'] {
  return run.gang.filter(({ agentId, role }) =>
    role === 'server' ? server === null : fleets[agentId] === undefined,
  );
}

/** The send time from which latency is measured, or the difference of the two. */
export type LatencyFrom = 'intended' | 'actual' | 'sendLag';

type Figures = Pick<RunResult, 'server' | 'fleets' | 'spec'>;

/** A count of 0 for every class. */
export const NO_ERRORS = Object.fromEntries(
  Object.keys(ERROR_CLASSES).map((name) => [name, 0]),
) as Readonly<Record<ErrorClass, number>>;

/** Counts by name, added up. */
export function addedUp(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const each of counts) {
    for (const [name, count] of Object.entries(each)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

/** A fleet's figures of the messages that were due in the measurement, including the drain. */
const ofFleet = ({ figures }: FleetResult) => figures.final.measured;

function busyPercentOf(result: FleetResult): number {
  if (result.measuredSeconds === 0) return 0;
  return (100 * ofFleet(result).busySeconds) / result.measuredSeconds;
}

export function measuredOf({ fleets }: Figures): Measured {
  const results = Object.values(fleets);
  const stalls = results.map((result) => ofFleet(result).stalls);
  const loads = results.map((result) => ofFleet(result).load);
  return {
    ...addLoads(loads),
    behindOthers: behindOthers(loads),
    seconds: Math.max(0, ...results.map(({ measuredSeconds }) => measuredSeconds)),
    busyPercent: Math.max(0, ...results.map(busyPercentOf)),
    stalls: {
      count: sum(stalls.map(({ count }) => count)),
      seconds: sum(stalls.map(({ seconds }) => seconds)),
    },
  };
}

/** Messages of the whole run that were sent and never echoed. */
export function lostOf({ fleets }: Pick<RunResult, 'fleets'>): number {
  return sum(Object.values(fleets).map(({ figures }) => figures.final.ledger.lostOnClose));
}

/** The deliveries of the messages that were due in the measurement, over the fleets. */
export interface Deliveries {
  /** In the histograms. */
  count: number;
  /** In none of them. */
  untimed: number;
  latency: HistogramText[];
  lastMember: HistogramText[];
}

/** Empty without zones. */
export function deliveriesOf({ fleets }: Pick<RunResult, 'fleets'>): Deliveries {
  const all = Object.values(fleets).flatMap((result) => ofFleet(result).deliveries ?? []);
  return {
    count: sum(all.map(({ count }) => count)),
    untimed: sum(all.map(({ untimed }) => untimed)),
    latency: all.map(({ latency }) => latency),
    lastMember: all.flatMap(({ lastMember }) => lastMember ?? []),
  };
}

/** The ticks that came to the members of zones in the measurement, over the fleets. */
export interface Ticks {
  /** In the histograms. */
  count: number;
  /** In none of them. */
  untimed: number;
  /** Of the fleets that share the clock of their server. */
  latency: HistogramText[];
  /** Fleets that have ticks without a latency, because their clock is another or not known. */
  withoutClock: number;
}

/** Empty without ticks. */
export function ticksOf({ fleets }: Pick<RunResult, 'fleets'>): Ticks {
  const all = Object.values(fleets).flatMap((result) => ofFleet(result).deliveries?.ticks ?? []);
  return {
    count: sum(all.map(({ count }) => count)),
    untimed: sum(all.map(({ untimed }) => untimed)),
    latency: all.flatMap(({ latency }) => latency ?? []),
    withoutClock: all.filter(({ latency }) => latency === undefined).length,
  };
}

/** Latency by stage in one fleet's measurement. */
export function stagesOf(result: FleetResult): StageTable {
  return ofFleet(result).stages;
}

/** Wait times in a server's measurement; `queueWait` is by content. */
export interface ServerWaits {
  lockWait: HistogramText;
  moveLatency: HistogramText;
  queueWait: Record<string, HistogramText>;
  /** Empty where no zone ticks. */
  tickLateness: HistogramText[];
}

/** Wait times in one server's measurement. Throws Error for broken or decreasing histograms. */
export function waitsOf({ figures: { measureStart, measureEnd } }: ServerResult): ServerWaits {
  const [later, earlier] = [measureEnd.histograms, measureStart.histograms];
  const queueWait = Object.entries(later.queueWait).map(([content, text]) => {
    const before = earlier.queueWait[content];
    if (before === undefined) throw new Error(`no queue wait of "${content}" at the start`);
    return [content, histogramSince(text, before)];
  });
  return {
    lockWait: histogramSince(later.lockWait, earlier.lockWait),
    moveLatency: histogramSince(later.moveLatency, earlier.moveLatency),
    queueWait: Object.fromEntries(queueWait) as Record<string, HistogramText>,
    tickLateness:
      later.tickLateness === undefined || earlier.tickLateness === undefined
        ? []
        : [histogramSince(later.tickLateness, earlier.tickLateness)],
  };
}

/**
 * Latency of the messages that were due in the measurement, in nanoseconds, merged over the fleets
 * by counts. Throws Error for a broken histogram.
 */
export function measuredLatency({ fleets }: Figures, from: FleetLatency): Histogram {
  return mergeHistograms(Object.values(fleets).map((result) => ofFleet(result).latency[from]));
}

/**
 * Errors of every class over the whole run, including ramp-up and drain. Excludes connections that
 * the fleets reset on purpose; a run against a target has none of the server's classes.
 */
export function errorsOf({ server, fleets }: Figures): Record<ErrorClass, number> {
  const finals = Object.values(fleets).map(({ figures }) => figures.final);
  const byFleets = (Object.keys(FLEET_ERROR_CLASSES) as FleetErrorClass[]).map((name) => [
    name,
    sum(finals.map(({ errors }) => errors[name])),
  ]);
  const byServer = (Object.keys(SERVER_ERROR_CLASSES) as ServerErrorClass[]).map((name) => [
    name,
    server?.figures.final.errors[name] ?? 0,
  ]);
  const counts = Object.fromEntries([...byFleets, ...byServer]) as Record<ErrorClass, number>;
  const intended = sum(finals.map(({ sessions }) => sessions.aborts));
  return { ...counts, peerReset: Math.max(0, counts.peerReset - intended) };
}
