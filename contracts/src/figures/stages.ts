import { type Static, Type } from 'typebox';
import { countSince } from '../values/counter.ts';

/**
 * The stages of an echo from its intended send time to its arrival. Server stages are differences
 * of the server's own stamps, the others of the client's clock, so timestamps of two clocks are
 * never subtracted. The stages add up to the echo's latency.
 */
export const STAGES = {
  client:
    'before the send: it waited for room (overSend), because earlier echoes had not come back',
  'network+wake':
    'the network in both directions, and the time until the IO thread woke up and took the message',
  lock: "waiting for the player container's lock, and the look-up",
  queue: 'in the queue of a content thread, or waiting for the tick',
  work: "the content's own work",
  send: 'from the end of the work until the send was posted; of a message to a zone, until it had its number in the zone',
  'fan-out':
    'of a message to a zone: from its number in the zone until the send to its sender was posted',
} as const;
export type Stage = keyof typeof STAGES;
export const STAGE_NAMES = Object.keys(STAGES) as Stage[];

const SumNs = Type.Number({ minimum: 0, description: 'sum over the echoes, ns' });

/** Echoes of similar latency (within an eighth of an octave) and the sums of their stages. */
export const StageRow = Type.Object(
  {
    atLeastNs: Type.Integer({
      minimum: 0,
      description: 'shortest latency, from the intended send time, that counts here',
    }),
    count: Type.Integer({ minimum: 0 }),
    ...(Object.fromEntries(STAGE_NAMES.map((stage) => [stage, SumNs])) as Record<
      Stage,
      typeof SumNs
    >),
  },
  { additionalProperties: false },
);
export type StageRow = Static<typeof StageRow>;

/**
 * Rows by ascending latency, without empty ones. They hold counts and sums, so tables can be added.
 */
export const StageTable = Type.Array(StageRow);
export type StageTable = Static<typeof StageTable>;

function emptyRow(atLeastNs: number): StageRow {
  const sumsNs = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, 0])) as Record<
    Stage,
    number
  >;
  return { atLeastNs, count: 0, ...sumsNs };
}

function combine(tables: readonly { table: StageTable; sign: 1 | -1 }[]): StageTable {
  const rows = new Map<number, StageRow>();
  for (const { table, sign } of tables) {
    for (const row of table) {
      const sum = rows.get(row.atLeastNs) ?? emptyRow(row.atLeastNs);
      sum.count += sign * row.count;
      for (const stage of STAGE_NAMES) sum[stage] += sign * row[stage];
      rows.set(row.atLeastNs, sum);
    }
  }
  return [...rows.values()]
    .filter(({ count }) => count !== 0)
    .sort((a, b) => a.atLeastNs - b.atLeastNs);
}

export function mergeStages(tables: readonly StageTable[]): StageTable {
  return combine(tables.map((table) => ({ table, sign: 1 })));
}

/**
 * The interval between two cumulative tables: what `later` counted and `earlier` had not.
 * @throws Error when a count or a sum decreased
 */
export function stagesSince(later: StageTable, earlier: StageTable): StageTable {
  const now = new Map(later.map((row) => [row.atLeastNs, row]));
  for (const before of earlier) {
    const { atLeastNs } = before;
    const row = now.get(atLeastNs) ?? emptyRow(atLeastNs);
    for (const of of ['count', ...STAGE_NAMES] as const) {
      countSince(`stages.${of} from ${atLeastNs} ns`, row[of], before[of]);
    }
  }
  return combine([
    { table: later, sign: 1 },
    { table: earlier, sign: -1 },
  ]);
}

/** Echoes of a part of the latencies, with the mean of each stage. */
export interface StageMeans {
  count: number;
  meanUs: Record<Stage, number>;
  /** The stage in which they spent most time. */
  dominating: Stage;
}

/**
 * The stages of the slowest `share` of the echoes. Takes whole rows from the slowest down until the
 * share is reached, so it may include a few more. Null when the table is empty.
 */
export function slowest(table: StageTable, share: number): StageMeans | null {
  const total = echoesOf(table);
  if (total === 0) return null;
  const sums = emptyRow(0);
  for (const row of table.toReversed()) {
    if (sums.count >= total * share) break;
    sums.count += row.count;
    for (const stage of STAGE_NAMES) sums[stage] += row[stage];
  }
  return meansOf(sums);
}

/** The stages of the echoes as fast as the median: those of its row. Null when the table is empty. */
export function typical(table: StageTable): StageMeans | null {
  const half = echoesOf(table) / 2;
  let counted = 0;
  for (const row of table) {
    counted += row.count;
    if (row.count > 0 && counted >= half) return meansOf(row);
  }
  return null;
}

const echoesOf = (table: StageTable) => table.reduce((sum, { count }) => sum + count, 0);

function meansOf(row: StageRow): StageMeans {
  const meanUs = Object.fromEntries(
    STAGE_NAMES.map((stage) => [stage, row[stage] / row.count / 1000]),
  ) as Record<Stage, number>;
  return { count: row.count, meanUs, dominating: dominatingStage(meanUs) };
}

/** The longest stage; the first one of equals. */
export function dominatingStage(times: Readonly<Record<Stage, number>>): Stage {
  return STAGE_NAMES.reduce((a, b) => (times[b] > times[a] ? b : a));
}

/** Number of slowest echoes that a fleet keeps, and the maximum traced per interval. */
export const MAX_SLOW_ECHOES = 16;

/** One of the slowest echoes of an interval, with all its stages. */
export interface SlowEcho {
  /** Index of the session in its fleet, from 0; a reconnect keeps it. */
  session: number;
  /** Number of the message, as in ErrorEvidence. */
  message: number;
  /** When the message was due, on the machine's monotonic clock, in ms. */
  intendedMachineMs: number;
  /** They sum to the latency from the intended send time to the arrival. */
  stagesNs: Record<Stage, number>;
}
