import {
  addLoads,
  ERROR_CLASSES,
  type ErrorClass,
  type emptyHistogram,
  FLEET_ERROR_CLASSES,
  type FleetErrorClass,
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
import { sum } from './pooled.ts';

export type Histogram = ReturnType<typeof emptyHistogram>;

/** What a run measured, taken together over its fleets: counts, never rates or percentiles. */
export interface Measured extends Load {
  /** The longest of the fleets' measurements. */
  seconds: number;
  /** Of those sent: messages that the server held back until the measurement was over. */
  sentAfterEnd: number;
  /** Times that a thread of a fleet stood still. */
  stalls: FleetResult['figures']['final']['measured']['stalls'];
}

/** Members of the gang that left no result. */
export function absentees({ run, server, fleets }: RunResult): RunResult['run']['gang'] {
  return run.gang.filter(({ agentId, role }) =>
    role === 'server' ? server === null : fleets[agentId] === undefined,
  );
}

/** The send time that an echo's latency counts from, or the difference of the two. */
export type LatencyFrom = 'intended' | 'actual' | 'sendLag';
type LatencyName = LatencyFrom | 'disturbed';

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

/** What a fleet says of the messages that were due in the measurement, the drain included. */
const ofFleet = ({ figures }: FleetResult) => figures.final.measured;

/** Messages that were due so shortly before the end may be sent behind it. */
const END_SECONDS = 0.1;

/**
 * Messages of one fleet that left only in the drain. With a drain that is long enough a server that
 * is too slow takes all of them, but not at the rate that was wanted.
 */
function sentAfterEnd({ figures, measuredSeconds }: FleetResult): number {
  const { load } = figures.final.measured;
  const after = load.sent - figures.measureEnd.measured.load.sent;
  const atEnd = measuredSeconds <= 0 ? 0 : (load.due * END_SECONDS) / measuredSeconds;
  return Math.max(0, Math.round(Math.min(after, load.held) - atEnd));
}

export function measuredOf({ fleets }: Figures): Measured {
  const results = Object.values(fleets);
  const stalls = results.map((result) => ofFleet(result).stalls);
  return {
    ...addLoads(results.map((result) => ofFleet(result).load)),
    seconds: Math.max(0, ...results.map(({ measuredSeconds }) => measuredSeconds)),
    sentAfterEnd: sum(results.map(sentAfterEnd)),
    stalls: {
      count: sum(stalls.map(({ count }) => count)),
      seconds: sum(stalls.map(({ seconds }) => seconds)),
    },
  };
}

/** Stages of one fleet's measurement. */
export function stagesOf(result: FleetResult): StageTable {
  return ofFleet(result).stages;
}

/** What a server's measurement waited for; `queueWait` is by content. */
export interface ServerWaits {
  lockWait: HistogramText;
  moveLatency: HistogramText;
  queueWait: Record<string, HistogramText>;
}

/** Waits of one server's measurement. Throws Error where its histograms are broken or ran backwards. */
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
  };
}

/**
 * Latency of the messages that were due in the measurement, in nanoseconds, merged over the fleets
 * by counts. Throws Error where a histogram is broken.
 */
export function measuredLatency({ fleets }: Figures, from: LatencyName): Histogram {
  return mergeHistograms(Object.values(fleets).map((result) => ofFleet(result).latency[from]));
}

/**
 * Errors of every class over the whole run, ramp-up and drain included. Resets that the fleets made
 * on purpose are no errors of the server; without a server of its own a run has none of them.
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
