import type { Fault, RunResult } from '@oversoak/contracts';

/** A server in the night, and its expected verdict. */
export interface NightCell {
  /** Also the name of its agent. */
  name: string;
  what: string;
  notifier: 'iocp' | 'completion-routine' | 'event';
  disconnectsPerSecond: number;
  fault: Fault | null;
  /** The only threshold that it must miss; null: it is sound and must pass. */
  mustMiss: string | null;
}

const SECONDS_PER_HOUR = 3600;
const MEMORY_LIMIT = 'drift.workingSet < 1MiB/h';
const HANDLES_LIMIT = 'drift.handles < 20/h';
const THRESHOLDS = [MEMORY_LIMIT, HANDLES_LIMIT, 'drift.threads < 20/h', 'achieved.rate >= 99%'];

/**
 * The leak is planted per accept and therefore driven by disconnects, each of which is followed by
 * a connect.
 */
const LEAK_BYTES_PER_HOUR = 2 * 1024 ** 2;
const LEAK_HANDLES_PER_MINUTE = 1;

const sound = { disconnectsPerSecond: 0, fault: null, mustMiss: null };

export const CELLS: readonly NightCell[] = [
  { name: 'iocp', what: 'sound', notifier: 'iocp', ...sound },
  { name: 'completion-routine', what: 'sound', notifier: 'completion-routine', ...sound },
  { name: 'event', what: 'sound', notifier: 'event', ...sound },
  {
    ...sound,
    name: 'churn',
    what: 'sound, a disconnect a second',
    notifier: 'iocp',
    disconnectsPerSecond: 1,
  },
  {
    name: 'leak-memory',
    what: 'leaks 2 MiB/h',
    notifier: 'iocp',
    disconnectsPerSecond: 1,
    fault: { leakBytesPerAccept: Math.round(LEAK_BYTES_PER_HOUR / SECONDS_PER_HOUR) },
    mustMiss: MEMORY_LIMIT,
  },
  {
    name: 'leak-handles',
    what: 'leaks a handle a minute',
    notifier: 'iocp',
    disconnectsPerSecond: LEAK_HANDLES_PER_MINUTE / 60,
    fault: { leakHandlesPerAccept: 1 },
    mustMiss: HANDLES_LIMIT,
  },
];

export const SETTLE_SECONDS = 32;

/**
 * 50 sessions, 80 messages per second: a light load, so that the cells do not disturb each other.
 */
export function specOf(cell: NightCell, minutes: number) {
  const { name, notifier, disconnectsPerSecond, fault } = cell;
  return {
    name: `night-${name}`,
    matrix: { notifier: [notifier], layout: ['hetero'], sessions: [50] },
    workload: {
      pacing: 'poisson',
      ratePerSecond: 80,
      minFrameBytes: 64,
      maxFrameBytes: 256,
      overSend: 4,
      echoTimeoutMs: 5000,
      disconnectsPerSecond,
    },
    threads: { io: 1, content: 3 },
    game: {
      contents: [
        { name: 'lobby', workUs: 50, moves: { pvp: 0.02, dungeon: 0.02 } },
        { name: 'pvp', workUs: 100, moves: { lobby: 0.1 } },
        { name: 'dungeon', workUs: 100, moves: { lobby: 0.1 } },
      ],
    },
    phases: { rampUpSeconds: 2, warmUpSeconds: SETTLE_SECONDS - 2, measureSeconds: minutes * 60 },
    placement: { server: { night: name }, fleet: { night: name } },
    ...(fault === null ? {} : { fault }),
    thresholds: THRESHOLDS,
  };
}

type Judged = Pick<RunResult, 'evidence'> & { run: Pick<RunResult['run'], 'judgement'> };

/** Pure: how the verdict of a cell differs from the expected one; null: it does not. */
export function wrongOf({ mustMiss }: NightCell, { run, evidence }: Judged): string | null {
  const { verdict, reasons } = run.judgement ?? { verdict: 'none', reasons: [] };
  const missed = (evidence?.checks ?? [])
    .filter(({ outcome }) => outcome === 'missed')
    .map(({ threshold }) => threshold);
  const wanted = mustMiss === null ? 'passed' : 'failed';
  const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  if (verdict !== wanted) return `${verdict} and not ${wanted}${why}`;
  if (mustMiss !== null && missed.join() !== mustMiss) {
    return `failed by ${missed.join(', ') || 'no threshold'} and not by ${mustMiss}${why}`;
  }
  return null;
}
