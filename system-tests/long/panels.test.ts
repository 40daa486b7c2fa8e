// What every panel of a run says of soaks whose figures are known: of a run shorter than the window
// of a rate and of longer ones, of several repeats, and beside other soaks at the same time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { filled, type Query, queries } from '@oversoak/dashboards';
import {
  cellKey,
  KNOWN,
  type KnownCell,
  type KnownRun,
  type KnownSoak,
  meanSeconds,
  RAMP_SECONDS,
  SESSIONS,
  sendKnown,
} from './known-soak.ts';
import { Prometheus, type Series } from './prometheus-process.ts';

const CELLS: KnownCell[] = [
  { notifier: 'iocp', layout: 'hetero', rate: 500 },
  { notifier: 'event', layout: 'hetero', rate: 300 },
];
/** All at once. */
const SOAKS: KnownSoak[] = [
  { soakId: 'ten-seconds', cells: CELLS, repeats: 1, measureSeconds: 10 },
  { soakId: 'one-minute', cells: CELLS, repeats: 1, measureSeconds: 60 },
  { soakId: 'ten-minutes', cells: CELLS.slice(0, 1), repeats: 2, measureSeconds: 600 },
  { soakId: 'repeats', cells: CELLS, repeats: 4, measureSeconds: 10 },
];
const NEAR = 0.02;
/** Before this a part may have exported nothing but its zeros. */
const FIRST_SECONDS = RAMP_SECONDS + 2;
/** Grafana's `$__rate_interval` at `timeInterval: 10s`. */
const RATE_INTERVAL_SECONDS = 40;

let prometheus: Prometheus;
let runs: Map<string, KnownRun[]>;

before(async () => {
  prometheus = await Prometheus.start();
  runs = await sendKnown(prometheus.receiver, SOAKS, Date.now() - 25 * 60_000);
});
after(() => prometheus?.stop());

/** The figure of each line, by the labels that distinguish the lines of a cell. */
type Expected = Record<string, number>;
const one = (value: number): Expected => ({ '': value });
const { io, lobby, stages } = KNOWN;
const cpuOf = (...threads: { userSeconds: number; kernelSeconds: number }[]) =>
  threads.reduce((sum, { userSeconds, kernelSeconds }) => sum + userSeconds + kernelSeconds, 0);
const echoes = ({ rate }: KnownCell) => rate * KNOWN.sentShare;
const stagesTimes = (factor: number): Expected =>
  Object.fromEntries(Object.entries(stages).map(([name, share]) => [name, share * factor]));
const cpuPerEcho = (cell: KnownCell) => cpuOf(io, lobby) / echoes(cell);
const errorsPerMillion = (cell: KnownCell, measureSeconds: number) =>
  (1e6 * KNOWN.errorsPerSecond * (measureSeconds + RAMP_SECONDS + 1)) /
  (echoes(cell) * measureSeconds);

interface Panel {
  /** One for each query, in their order. */
  expected: ((cell: KnownCell, measureSeconds: number) => Expected)[];
  /** The labels that distinguish the lines of a cell. */
  lines?: readonly string[];
  /** Says the same for every run of the soak only after its end. */
  whole?: true;
  /** A level and not a count: at the end of a run it is another. */
  level?: true;
}
const each = (...values: ((cell: KnownCell) => number)[]): Panel['expected'] =>
  values.map((value) => (cell) => one(value(cell)));

const THREADS = { 'io-0': cpuOf(io), 'lobby-0': cpuOf(lobby) };
const PANELS: Record<string, Panel> = {
  Messages: {
    expected: each(
      ({ rate }) => rate,
      ({ rate }) => rate * KNOWN.heldShare,
      ({ rate }) => rate * KNOWN.lateShare,
      echoes,
      echoes,
    ),
  },
  'Achieved rate': { expected: each(echoes) },
  'Open sessions': {
    expected: [() => ({ server: SESSIONS, fleet: SESSIONS })],
    lines: ['oversoak_role'],
    level: true,
  },
  'Messages in flight': { expected: each(() => KNOWN.inFlight), level: true },
  'Latency, p99': { expected: each(() => KNOWN.slowSeconds) },
  Latency: {
    expected: each(
      () => KNOWN.fastSeconds,
      () => KNOWN.slowSeconds,
      () => KNOWN.slowSeconds,
    ),
  },
  'Latency distribution of all echoes': { expected: each(() => 1) },
  'p99 from the intended and from the actual send time': {
    expected: [() => ({ intended: KNOWN.slowSeconds, actual: KNOWN.slowSeconds })],
    lines: ['oversoak_latency_from'],
  },
  'Lateness of the fleet itself, p99': { expected: each(() => KNOWN.lagSeconds) },
  'Where echoes spend their time': {
    expected: [() => stagesTimes(1)],
    lines: ['oversoak_stage'],
  },
  'Where the mean echo spends its time': {
    expected: [() => stagesTimes(meanSeconds)],
    lines: ['oversoak_stage'],
    whole: true,
  },
  Errors: {
    expected: [() => ({ 'fleet corrupt': KNOWN.errorsPerSecond })],
    lines: ['oversoak_role', 'oversoak_error_class'],
  },
  "Memory of the server's process": {
    expected: [() => ({ resident: KNOWN.residentBytes, private: KNOWN.privateBytes })],
    lines: ['kind'],
    level: true,
  },
  'Resident memory of the server, growth per hour': {
    expected: each(() => KNOWN.residentBytesPerSecond * 3600),
    level: true,
  },
  'Load of each thread of the server': { expected: [() => THREADS], lines: ['oversoak_thread'] },
  'Busiest thread of the server': { expected: each(() => cpuOf(io)) },
  'CPU of the server, user and kernel': {
    expected: [() => ({ user: io.userSeconds + lobby.userSeconds, kernel: io.kernelSeconds })],
    lines: ['oversoak_cpu_mode'],
  },
  "Handles and threads of the server's process": {
    // The agent's code runs on Linux here, whose handles are file descriptors.
    expected: [() => ({ descriptors: KNOWN.handles, threads: KNOWN.threads })],
    lines: ['kind'],
    level: true,
  },
  'CPU time of the server for one echo': { expected: each(cpuPerEcho) },
  'Cells at a glance': {
    expected: [
      ...each(
        () => meanSeconds,
        () => KNOWN.fastSeconds,
        () => KNOWN.slowSeconds,
        () => KNOWN.slowSeconds,
        () => KNOWN.sentShare,
      ),
      (cell, measureSeconds) => one(errorsPerMillion(cell, measureSeconds)),
      ...each(
        cpuPerEcho,
        () => Object.keys(THREADS).length,
        () => KNOWN.residentBytes,
      ),
    ],
    whole: true,
  },
  'Wait for the lock of the player container': {
    expected: each(
      () => KNOWN.lockWaitSeconds,
      () => KNOWN.lockWaitSeconds,
    ),
  },
  'Share of the lock in an echo': { expected: each(() => stages.lock) },
  'Distribution of lock waits': { expected: each(() => 1) },
  'Wait in the queue of a content, p99': { expected: each(() => KNOWN.queueWaitSeconds) },
  'Depth of the queue of a content': { expected: each(() => KNOWN.queueDepth), level: true },
  'Messages handled by a content': { expected: each(() => KNOWN.handledPerSecond) },
  'Ceiling of a content': { expected: each(() => KNOWN.handledPerSecond / cpuOf(lobby)) },
  'Moves of players': { expected: each(() => KNOWN.movesPerSecond) },
  'Latency of a move, p99': { expected: each(() => KNOWN.moveSeconds) },
  'Delivery to a member of the zone, p99': { expected: each(() => KNOWN.deliverySeconds) },
  'Deliveries to the members of zones': { expected: each(() => KNOWN.deliveriesPerSecond) },
  'CPU time of the server for one delivery': {
    expected: each(() => cpuOf(io, lobby) / KNOWN.deliveriesPerSecond),
  },
  'Deliveries left out for slow readers': { expected: each(() => KNOWN.leftOutPerSecond) },
  'Ticks of zones': {
    expected: each(
      () => KNOWN.ticksPerSecond,
      () => KNOWN.ticksSkippedPerSecond,
    ),
  },
  'Ticks of zones: late at the server, and until a member has them, p99': {
    expected: each(
      () => KNOWN.tickLateSeconds,
      () => KNOWN.tickSeconds,
    ),
  },
  'Backlog of the slowest member': { expected: each(() => KNOWN.backlogBytes), level: true },
};
/** Names rather than figures. */
const NAMES_ONLY = ['Platform'];

interface BoardQuery extends Query {
  title: string;
  /** Of the panel's queries. */
  index: number;
}

/** The PromQL of the dashboards of runs. */
function boardQueries(): BoardQuery[] {
  const counted = new Map<string, number>();
  return queries()
    .filter(
      ({ where, language }) =>
        /(live|notifiers|layouts)\.json: /.test(where) && language === 'promql',
    )
    .flatMap((query): BoardQuery[] => {
      const title = query.where.replace(/^.*?: /, '');
      if (title.startsWith('variable ') || NAMES_ONLY.includes(title)) return [];
      const index = counted.get(query.where) ?? 0;
      counted.set(query.where, index + 1);
      return [{ ...query, title, index }];
    });
}

const figureOf = ({ value, histogram }: Series) => Number(value?.[1] ?? histogram?.[1].count);

/** What is wrong with the answer for a cell at a moment; `present`: it has to have one. */
async function faultsAt(
  query: BoardQuery,
  soak: KnownSoak,
  {
    cell,
    atMs,
    rangeSeconds,
    present,
  }: {
    cell: KnownCell;
    atMs: number;
    rangeSeconds: number;
    present: boolean;
  },
): Promise<string[]> {
  const { expected, lines = [] } = PANELS[query.title] as Panel;
  const text = filled(query.text, {
    ...{ soak: soak.soakId, platform: '.*', notifier: cell.notifier, layout: cell.layout },
    ...{ __rate_interval: `${RATE_INTERVAL_SECONDS}s`, __range: `${rangeSeconds}s` },
  });
  const { result } = await prometheus.at(text, atMs / 1000);
  const wanted = expected[query.index]?.(cell, soak.measureSeconds) ?? {};
  const found = new Map<string, number[]>();
  for (const series of result) {
    const line = lines.map((label) => series.metric[label]).join(' ');
    const figure = figureOf(series);
    if (Number.isFinite(figure)) found.set(line, [...(found.get(line) ?? []), figure]);
  }
  const where = `${query.where} (${query.index}), ${soak.soakId}, ${cellKey(cell)}`;
  return Object.entries(wanted).flatMap(([line, figure]) => {
    const figures = found.get(line) ?? [];
    if (figures.length === 0 && !present) return [];
    const near = figures.length === 1 && Math.abs((figures[0] as number) - figure) <= NEAR * figure;
    return near ? [] : [`${where}: "${line}" ${figures} rather than ${figure}: ${text}`];
  });
}

async function faultsOf(query: BoardQuery, soak: KnownSoak): Promise<string[]> {
  const own = runs.get(soak.soakId) ?? [];
  const { whole, level } = PANELS[query.title] as Panel;
  const faults: string[] = [];
  const fromMs = own[0]?.startMs ?? 0;
  const toMs = own.at(-1)?.endMs ?? 0;
  for (const { cell, startMs, measureEndMs, endMs } of own) {
    if (whole) {
      const rangeSeconds = Math.ceil((toMs - fromMs) / 1000) + 30;
      const at = { cell, atMs: toMs + 15_000, rangeSeconds, present: true };
      faults.push(...(await faultsAt(query, soak, at)));
      continue;
    }
    const stepMs = Math.max(3_000, soak.measureSeconds * 100);
    for (let atMs = startMs + FIRST_SECONDS * 1000; atMs <= measureEndMs; atMs += stepMs) {
      const rangeSeconds = Math.ceil((atMs - startMs) / 1000);
      const at = {
        cell,
        atMs,
        rangeSeconds,
        present: soak.measureSeconds > 10 && atMs > startMs + 25_000,
      };
      faults.push(...(await faultsAt(query, soak, at)));
    }
    // By now the last figures of the run are there, however short it was.
    const at = { cell, atMs: endMs + 500, rangeSeconds: Math.ceil((endMs - startMs) / 1000) };
    if (!level) faults.push(...(await faultsAt(query, soak, { ...at, present: true })));
  }
  return faults;
}

describe('the panels of a run', () => {
  it('are all covered here', () => {
    const titles = new Set(boardQueries().map(({ title }) => title));
    assert.deepEqual([...titles].sort(), Object.keys(PANELS).sort());
    for (const { title, index } of boardQueries()) assert.ok(PANELS[title]?.expected[index], title);
  });

  for (const soak of SOAKS) {
    it(`show the known figures of the soak "${soak.soakId}", beside the others`, async () => {
      const faults: string[] = [];
      for (const query of boardQueries()) faults.push(...(await faultsOf(query, soak)));
      assert.deepEqual(faults, []);
    });
  }

  it('are found wrong with a rate over the window', async () => {
    const [query] = boardQueries().filter(({ title }) => title === 'Achieved rate');
    const [soak] = SOAKS;
    assert.ok(query !== undefined && soak !== undefined);
    const text = `sum by (oversoak_cell) (rate(oversoak_messages_echoed_total{oversoak_soak_id="$soak"}[$__rate_interval]))`;
    assert.notDeepEqual(await faultsOf({ ...query, text }, soak), []);
  });
});
