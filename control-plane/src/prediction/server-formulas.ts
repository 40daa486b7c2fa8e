import {
  type ContentFigures,
  type ForeseenFigure,
  type HistogramText,
  mergeHistograms,
  type ServerFigures,
  type ServerResult,
  type ThreadFigures,
} from '@oversoak/contracts';
import { waitsOf } from '../judge/figures.ts';
import { MIN_ECHOES, percentileUs } from '../judge/latency.ts';
import { largest, ratio, sum } from '../judge/pooled.ts';

type Count = (figures: ServerFigures) => number;
type Formula = (server: ServerResult) => number | null;

/** The increase of a cumulative count during the measurement. */
const grown = ({ figures }: ServerResult, count: Count) =>
  count(figures.measureEnd) - count(figures.measureStart);

/** The same over the measurements of several repeats. */
export function grownInAll(servers: readonly ServerResult[], count: Count): number {
  return sum(servers.map((server) => grown(server, count)));
}

const quotient =
  (part: Count, whole: Count): Formula =>
  (server) =>
    ratio(grown(server, part), grown(server, whole));

const echoed: Count = ({ frames }) => frames.echoed;
const received: Count = ({ frames }) => frames.received;
const completions: Count = ({ completions: { total } }) => total;
const wakes: Count = ({ completions: { batches } }) => batches;
/** Operations that were issued. */
export const issued = ({ atOnce, pending }: ServerFigures['receives']) => atOnce + pending;

export const cpuSeconds = ({ userSeconds, kernelSeconds }: ThreadFigures) =>
  userSeconds + kernelSeconds;
const cpuUs: Count = ({ threads }) => sum(threads.map(cpuSeconds)) * 1e6;

/**
 * CPU time per echo, in µs, over the measurements of one or several repeats. Both counts are the
 * server's and from the same snapshots, so echoes that arrive after the measurement do not count.
 */
export function cpuPerEchoUs(servers: readonly ServerResult[]): number | null {
  return ratio(grownInAll(servers, cpuUs), grownInAll(servers, echoed));
}

const copies: Count = ({ zones }) => zones?.copies ?? 0;
/** Messages and ticks that were given a number of their zone. */
export const numbered: Count = ({ zones }) => (zones?.broadcasts ?? 0) + (zones?.ticks ?? 0);
const ticksSkipped: Count = ({ zones }) => zones?.ticksSkipped ?? 0;
const ticksDue: Count = (figures) => (figures.zones?.ticks ?? 0) + ticksSkipped(figures);

function ticksSkippedPercent(server: ServerResult): number | null {
  const share = ratio(grown(server, ticksSkipped), grown(server, ticksDue));
  return share === null ? null : share * 100;
}

/** CPU time of some threads per delivery to a member of a zone, in µs, as `cpuPerEchoUs`. */
export function cpuPerDeliveryUs(
  servers: readonly ServerResult[],
  counts: (thread: ThreadFigures) => boolean = () => true,
): number | null {
  const used: Count = ({ threads }) => sum(threads.filter(counts).map(cpuSeconds)) * 1e6;
  return ratio(grownInAll(servers, used), grownInAll(servers, copies));
}

const overContents =
  (count: (content: ContentFigures) => number): Count =>
  ({ contents }) =>
    sum(contents.map(count));

const percentOf =
  (operations: 'receives' | 'sends'): Formula =>
  (server) => {
    const share = ratio(
      grown(server, (figures) => figures[operations].atOnce),
      grown(server, (figures) => issued(figures[operations])),
    );
    return share === null ? null : share * 100;
  };

/** With fewer sessions, the server's own few handles would dominate the figure. */
const MIN_SESSIONS = 20;

function handlesPerSession({ figures: { measureEnd, final } }: ServerResult): number | null {
  const [during, after] = [measureEnd.process.handles, final.process.handles];
  const { live } = measureEnd.sessions;
  if (during === null || after === null || live < MIN_SESSIONS) return null;
  return (during - after) / live;
}

/** A percentile, and the number of values that it needs. */
interface Percentile {
  percent: number;
  least: number;
}

const p50: Percentile = { percent: 50, least: MIN_ECHOES['echo.latency.p50'] };
const p99: Percentile = { percent: 99, least: MIN_ECHOES['echo.latency.p99'] };

function percentile(
  texts: (server: ServerResult) => HistogramText[],
  { percent, least }: Percentile,
): Formula {
  return (server) => {
    const merged = mergeHistograms(texts(server));
    return merged.totalCount < least ? null : percentileUs(merged, percent);
  };
}

const lockWaits = (server: ServerResult) => [waitsOf(server).lockWait];
const queueWaits = (server: ServerResult) => Object.values(waitsOf(server).queueWait);
const tickLateness = (server: ServerResult) => waitsOf(server).tickLateness;
const moveLatencies = (server: ServerResult) => [waitsOf(server).moveLatency];

/** The formula of each server figure; contracts' `FIGURES` describes them in words. */
export const SERVER_FORMULAS: Record<Extract<ForeseenFigure, `server.${string}`>, Formula> = {
  'server.ioThreads': ({ figures }) => figures.measureEnd.threadsRan.io,
  'server.contentThreads': ({ figures }) => figures.measureEnd.threadsRan.content,
  'server.sessionsPerIoThread': ({ figures: { measureEnd } }) =>
    ratio(measureEnd.sessions.live, measureEnd.threadsRan.io),
  'server.wakesPerEcho': quotient(wakes, echoed),
  'server.completionsPerEcho': quotient(completions, echoed),
  'server.completionsPerWake': quotient(completions, wakes),
  'server.receivesPerEcho': quotient(({ receives }) => issued(receives), echoed),
  'server.sendsPerEcho': quotient(({ sends }) => issued(sends), echoed),
  'server.receivesAtOnce': percentOf('receives'),
  'server.sendsAtOnce': percentOf('sends'),
  'server.handlesPerSession': handlesPerSession,
  'server.cpuPerEcho': (server) => cpuPerEchoUs([server]),
  'server.cpuPerDelivery': (server) => cpuPerDeliveryUs([server]),
  'server.deliveriesPerBroadcast': quotient(copies, numbered),
  'server.mailsPerBroadcast': quotient(({ zones }) => zones?.mailed ?? 0, numbered),
  'server.sendsPerDelivery': quotient(({ sends }) => issued(sends), copies),
  'server.ticksSkipped': ticksSkippedPercent,
  'server.tickLateness.p50': percentile(tickLateness, p50),
  'server.tickLateness.p99': percentile(tickLateness, p99),
  'server.workingSet': ({ figures }) => figures.measureEnd.own.workingSetBytes,
  'server.lookupsPerMessage': quotient(({ container }) => container.lookups, received),
  'server.containerChangesPerSession': ({ figures: { final } }) =>
    ratio(
      final.players.joins + final.players.leaves + final.container.changes,
      final.sessions.accepted,
    ),
  'server.movesPerMessage': quotient(({ moves }) => moves, received),
  'server.hopsPerMessage': quotient(
    overContents(({ hops }) => hops),
    overContents(({ handled }) => handled),
  ),
  'server.queueDepth.mean': quotient(
    overContents(({ queueDepth }) => queueDepth.sum),
    overContents(({ queueDepth }) => queueDepth.looks),
  ),
  'server.queueDepth.max': ({ figures }) =>
    largest(figures.measureEnd.contents.map(({ queueDepth }) => queueDepth.max)),
  'server.lockWait.p50': percentile(lockWaits, p50),
  'server.lockWait.p99': percentile(lockWaits, p99),
  'server.queueWait.p50': percentile(queueWaits, p50),
  'server.queueWait.p99': percentile(queueWaits, p99),
  'server.moveLatency.p99': percentile(moveLatencies, p99),
};
