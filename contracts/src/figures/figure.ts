import { ERROR_CLASSES, type ErrorClass } from './error-classes.ts';
import { DRIFT_METRICS, type DriftMetric } from './evidence.ts';
import { STAGES, type Stage } from './stages.ts';

/** The unit in which memory is shown, in bytes. */
export const MIB = 1024 ** 2;
export const KIB = 1024;
const GIB = 1024 ** 3;
/** KB, MB and GB mean KiB, MiB and GiB, as in Windows. */
const BYTES = { B: 1, KiB: KIB, MiB: MIB, GiB: GIB, KB: KIB, MB: MIB, GB: GIB };
const BYTES_PER_HOUR = {
  'B/h': 1,
  ...{ 'KiB/h': KIB, 'MiB/h': MIB, 'GiB/h': GIB },
  ...{ 'KB/h': KIB, 'MB/h': MIB, 'GB/h': GIB },
};

/** Units that a text may use, as factors to the figure's own unit, which has factor 1. */
const UNITS = {
  latency_us: { us: 1, ms: 1_000, s: 1_000_000 },
  percent: { '%': 1 },
  count: { '': 1 },
  /** A quotient or a mean of counts. */
  ratio: { '': 1 },
  perSecond: { '/s': 1 },
  bytes: BYTES,
  bytesPerHour: BYTES_PER_HOUR,
  countPerHour: { '/h': 1 },
  usPerHour: { 'us/h': 1, 'ms/h': 1_000, 's/h': 1_000_000 },
} as const;
export type Dimension = keyof typeof UNITS;

/** The values that a figure can have, in its own unit. */
export interface Range {
  least: number;
  most: number;
  whole: boolean;
  text: string;
}

const UNBOUNDED: Range = { least: -Infinity, most: Infinity, whole: false, text: 'any number' };
const FROM_0: Range = { ...UNBOUNDED, least: 0, text: 'at least 0' };

/** Latencies are kept from 1 ns to 1 h (`LATENCY_RANGE_NS`). */
const RANGES: Record<Dimension, Range> = {
  latency_us: { least: 0.001, most: 3_600_000_000, whole: false, text: 'from 1 ns to 1 h' },
  percent: { least: 0, most: 100, whole: false, text: 'from 0 to 100 %' },
  count: { ...FROM_0, whole: true, text: 'a whole number, at least 0' },
  ratio: FROM_0,
  perSecond: FROM_0,
  bytes: UNBOUNDED,
  bytesPerHour: UNBOUNDED,
  countPerHour: UNBOUNDED,
  usPerHour: UNBOUNDED,
};

/** A figure of a run: its dimension, its meaning and how it is computed. */
export interface Figure {
  dimension: Dimension;
  what: string;
}

const DRIFTS: Record<DriftMetric, Figure> = {
  workingSet: {
    dimension: 'bytesPerHour',
    what: 'slope of the resident memory that the server added to its process',
  },
  privateBytes: {
    dimension: 'bytesPerHour',
    what: 'slope of the committed memory that the server added to its process',
  },
  handles: { dimension: 'countPerHour', what: "slope of the server process' open handles" },
  threads: { dimension: 'countPerHour', what: "slope of the server process' threads" },
  p99: { dimension: 'usPerHour', what: 'slope of the p99 of the echoes' },
};

/** Sum of all error classes. */
export const ERRORS_TOTAL = 'errors.total';

const latency = (share: string): Figure => ({
  dimension: 'latency_us',
  what: `${share} of the echoes' latency, from the intended send time`,
});

const delivery = (share: string): Figure => ({
  dimension: 'latency_us',
  what: `${share} of the time from when a message to a zone was due until a member has it, over all members, its sender included`,
});

const tick = (share: string): Figure => ({
  dimension: 'latency_us',
  what: `${share} of the time from when a tick of a zone was due until a member has it, over all members; only where server and fleet share a clock`,
});

/** Figures that a threshold may judge. */
const JUDGED = {
  'echo.latency.p50': latency('median'),
  'echo.latency.p90': latency('90th percentile'),
  'echo.latency.p99': latency('99th percentile'),
  'echo.latency.p999': latency('99.9th percentile'),
  'echo.latency.max': latency('largest'),
  'delivery.latency.p50': delivery('median'),
  'delivery.latency.p99': delivery('99th percentile'),
  'delivery.latency.max': delivery('largest'),
  'tick.latency.p50': tick('median'),
  'tick.latency.p99': tick('99th percentile'),
  'tick.latency.max': tick('largest'),
  'achieved.rate': {
    dimension: 'percent',
    what: 'messages sent / messages due, except those of sessions that churn ended and of slow readers',
  },
  ...(Object.fromEntries(
    Object.entries(ERROR_CLASSES).map(([name, what]) => [
      `errors.${name}`,
      { dimension: 'count', what },
    ]),
  ) as Record<`errors.${ErrorClass}`, Figure>),
  [ERRORS_TOTAL]: { dimension: 'count', what: 'errors of all classes, in the whole run' },
  ...(Object.fromEntries(DRIFT_METRICS.map((name) => [`drift.${name}`, DRIFTS[name]])) as Record<
    `drift.${DriftMetric}`,
    Figure
  >),
} as const satisfies Record<string, Figure>;

const perEcho = (what: string): Figure => ({
  dimension: 'ratio',
  what: `${what} / echoes handed to a send, in the measurement`,
});

/**
 * Additional figures that only a prediction may name. They cover the measurement unless they name
 * another phase.
 */
const FORESEEN = {
  'echo.rate': { dimension: 'perSecond', what: 'echoes that came back / seconds' },
  ...(Object.fromEntries(
    Object.entries(STAGES).map(([stage, what]) => [
      `echo.stage.${stage}`,
      { dimension: 'latency_us', what: `mean time of an echo in the stage "${stage}": ${what}` },
    ]),
  ) as Record<`echo.stage.${Stage}`, Figure>),
  'server.ioThreads': {
    dimension: 'count',
    what: 'IO threads that ran, at the end of the measurement',
  },
  'server.contentThreads': {
    dimension: 'count',
    what: 'content threads that ran, at the end of the measurement',
  },
  'server.sessionsPerIoThread': {
    dimension: 'ratio',
    what: 'live sessions / IO threads that ran, both at the end of the measurement',
  },
  'server.wakesPerEcho': perEcho('returns of the wait with at least one completion'),
  'server.completionsPerEcho': perEcho('completions, of receives and of sends'),
  'server.completionsPerWake': {
    dimension: 'ratio',
    what: 'completions / returns of the wait with at least one',
  },
  'server.receivesPerEcho': perEcho('receives issued'),
  'server.sendsPerEcho': perEcho('sends issued'),
  'server.receivesAtOnce': {
    dimension: 'percent',
    what: 'receives that completed in their own call / receives issued',
  },
  'server.sendsAtOnce': {
    dimension: 'percent',
    what: 'sends that completed in their own call / sends issued',
  },
  'server.handlesPerSession': {
    dimension: 'ratio',
    what: "(open handles at the end of the measurement − those after the server's stop) / live sessions; needs 20 sessions, because a few of the handles are the server's own",
  },
  'server.cpuPerEcho': {
    dimension: 'latency_us',
    what: "CPU time of the server's own threads / echoes handed to a send",
  },
  'server.cpuPerDelivery': {
    dimension: 'latency_us',
    what: "CPU time of the server's own threads / deliveries queued for the members of zones",
  },
  'server.deliveriesPerBroadcast': {
    dimension: 'ratio',
    what: 'deliveries queued for members / messages and ticks that went to a zone',
  },
  'server.mailsPerBroadcast': {
    dimension: 'ratio',
    what: 'mailbox messages to IO threads / messages and ticks that went to a zone',
  },
  'server.sendsPerDelivery': {
    dimension: 'ratio',
    what: 'sends issued / deliveries queued for the members of zones',
  },
  'server.ticksSkipped': {
    dimension: 'percent',
    what: 'ticks of zones that the server left out because it was late / ticks that were due',
  },
  'server.tickLateness.p50': {
    dimension: 'latency_us',
    what: 'from when a tick of a zone was due until the server sent it, median',
  },
  'server.tickLateness.p99': { dimension: 'latency_us', what: 'the same, 99th percentile' },
  'server.workingSet': {
    dimension: 'bytes',
    what: "resident memory that the server added to its process, at the end of the measurement, without JavaScript's heap and what the process held before the server",
  },
  'server.lookupsPerMessage': {
    dimension: 'ratio',
    what: 'look-ups in the player container / messages received; none in homo',
  },
  'server.containerChangesPerSession': {
    dimension: 'ratio',
    what: 'players added to, removed from or moved in the player container / sessions accepted, in the whole run',
  },
  'server.movesPerMessage': {
    dimension: 'ratio',
    what: 'moves of players between contents / messages received',
  },
  'server.hopsPerMessage': {
    dimension: 'ratio',
    what: 'queue passes of messages / messages handled; none in homo',
  },
  'server.queueDepth.mean': {
    dimension: 'ratio',
    what: 'mean number of messages that waited for a content, as its threads found them',
  },
  'server.queueDepth.max': {
    dimension: 'count',
    what: 'largest number of messages that waited for a content, since the start',
  },
  'server.lockWait.p50': { dimension: 'latency_us', what: "wait for the container's lock, median" },
  'server.lockWait.p99': { dimension: 'latency_us', what: 'the same, 99th percentile' },
  'server.queueWait.p50': {
    dimension: 'latency_us',
    what: "wait in a content thread's queue or for the tick, median",
  },
  'server.queueWait.p99': { dimension: 'latency_us', what: 'the same, 99th percentile' },
  'server.moveLatency.p99': {
    dimension: 'latency_us',
    what: "from a player's move until the next content's thread has the player, 99th percentile",
  },
} as const satisfies Record<string, Figure>;

export type JudgedFigure = keyof typeof JUDGED;
export type ForeseenFigure = keyof typeof FORESEEN;
export type FigureName = JudgedFigure | ForeseenFigure;

export const JUDGED_FIGURES: Readonly<Record<JudgedFigure, Figure>> = JUDGED;
/** All figures that a prediction may name. */
export const FIGURES: Readonly<Record<FigureName, Figure>> = { ...JUDGED, ...FORESEEN };

export function isFigure<F extends string>(figures: Record<F, Figure>, name: string): name is F {
  return Object.hasOwn(figures, name);
}

/** The values that a figure can have. */
export function rangeOf(figure: FigureName): Range {
  return RANGES[FIGURES[figure].dimension];
}

/** The unit in which a figure is computed (`us`, `%`, ...); empty if it has none. */
export function ownUnit(figure: FigureName): string {
  const units = Object.entries(UNITS[FIGURES[figure].dimension]);
  return units.find(([, factor]) => factor === 1)?.[0] ?? '';
}

export type Quantity = { value: number } | { error: string };

/** Parses a number with its unit and converts it to the figure's own unit. */
export function readQuantity(figure: FigureName, number: string, unit: string): Quantity {
  const units: Record<string, number> = UNITS[FIGURES[figure].dimension];
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor !== undefined) return { value: Number(number) * factor };
  const valid = Object.keys(units).map((name) => (name === '' ? 'no unit' : name));
  const given = unit === '' ? 'a number without a unit' : `"${unit}"`;
  return { error: `"${figure}" takes ${valid.join(', ')}, not ${given}` };
}
