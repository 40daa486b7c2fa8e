// What every panel of the nightly and the agents dashboard, and every alert, says of a cluster whose
// figures are known: for all schedules and for one, and after another control plane took over.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { filled, type Query, queries } from '@oversoak/dashboards';
import { CLUSTER, NIGHT_MS, NIGHTS, sendCluster, verdictsAfter } from './known-cluster.ts';
import { Prometheus, type Series } from './prometheus-process.ts';

const NEAR = 0.02;
const RATE_INTERVAL = '40s';
const ALL = {
  schedule: '.*',
  name: '.*',
  cell: '.*',
  notifier: '.*',
  layout: '.*',
  platform: '.*',
};
/** The schedules that the variable selects. */
type Chosen = 'all' | 'nightly' | 'weekly';
type Expected = Record<string, number>;

interface Panel {
  /** The labels that distinguish the lines. */
  lines: readonly string[];
  /** It shows the names of the lines and not their figures. */
  names?: true;
  /** The figure of each line after a night, counted from 0; one for each query, in their order. */
  expected: ((night: number, chosen: Chosen) => Expected)[];
}

const NIGHT_LINES = ['oversoak_soak_name', 'oversoak_cell', 'oversoak_platform'] as const;
const CELLS = {
  nightly: { line: 'night iocp.homo.100 wine', p99Ms: CLUSTER.nightlyP99Ms },
  weekly: { line: 'week event.hetero.100 windows', p99Ms: CLUSTER.weeklyP99Ms },
  own: { line: 'own iocp.homo.100 wine', p99Ms: CLUSTER.ownP99Ms },
};
type Of = keyof typeof CELLS;
const shownOf = (chosen: Chosen): Of[] =>
  chosen === 'all' ? ['nightly', 'weekly', 'own'] : [chosen];
const ofSchedules = (figures: Record<'nightly' | 'weekly', number>, chosen: Chosen): Expected =>
  chosen === 'all' ? figures : { [chosen]: figures[chosen] };
const ofCells = (chosen: Chosen, figure: (of: Of) => number): Expected =>
  Object.fromEntries(shownOf(chosen).map((of) => [CELLS[of].line, figure(of)]));

const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
};
const isLast = (night: number) => night === NIGHTS - 1;
const regressions = (night: number) => ({ nightly: isLast(night) ? 2 : 0, weekly: 0 });
const perHour =
  (
    figures: Partial<Record<keyof typeof CLUSTER.drift, string>>,
    unit = 1,
  ): Panel['expected'][number] =>
  (_night, chosen) =>
    chosen === 'weekly'
      ? {}
      : Object.fromEntries(
          Object.entries(figures).flatMap(([metric, line]) =>
            Object.entries(CLUSTER.drift[metric as keyof typeof CLUSTER.drift]).map(
              ([estimate, value]) => [`night ${estimate}${line}`, value / unit],
            ),
          ),
        );
const DRIFT_LINES = ['oversoak_soak_name', 'oversoak_drift_estimate'] as const;
const counted = (
  night: number,
  chosen: Chosen,
  verdict: keyof ReturnType<typeof verdictsAfter>['own'],
) => shownOf(chosen).reduce((sum, of) => sum + verdictsAfter(night)[of][verdict], 0);

const NIGHTLY: Record<string, Panel> = {
  Platform: {
    lines: ['oversoak_platform'],
    names: true,
    expected: [
      (_night, chosen) =>
        chosen === 'all'
          ? { wine: 2, windows: 1 }
          : chosen === 'weekly'
            ? { windows: 1 }
            : { wine: 1 },
    ],
  },
  'Last night': {
    lines: ['oversoak_schedule', 'oversoak_verdict'],
    expected: [
      (night, chosen) => ({
        ...(chosen === 'weekly' ? {} : { [`nightly ${isLast(night) ? 'failed' : 'passed'}`]: 1 }),
        ...(chosen === 'nightly' ? {} : { 'weekly inconclusive': 1 }),
      }),
    ],
  },
  Regressions: {
    lines: ['oversoak_schedule'],
    expected: [(night, chosen) => ofSchedules(regressions(night), chosen)],
  },
  'Regressions over time': {
    lines: ['oversoak_schedule'],
    expected: [(night, chosen) => ofSchedules(regressions(night), chosen)],
  },
  'Stopped schedules': {
    lines: ['oversoak_schedule'],
    expected: [(_night, chosen) => ofSchedules({ nightly: 0, weekly: 1 }, chosen)],
  },
  'Runs that passed': {
    lines: ['oversoak_soak_name', 'oversoak_cell'],
    expected: [
      (night, chosen) =>
        Object.fromEntries(
          shownOf(chosen).map((of) => {
            const { passed, ...others } = verdictsAfter(night)[of];
            const all = Object.values(others).reduce((sum, count) => sum + count, passed);
            return [CELLS[of].line.split(' ').slice(0, 2).join(' '), passed / all];
          }),
        ),
    ],
  },
  'Runs by verdict': {
    lines: ['oversoak_verdict'],
    expected: [
      (night, chosen) =>
        Object.fromEntries(
          (['passed', 'failed', 'inconclusive', 'cancelled'] as const).map((verdict) => [
            verdict,
            counted(night, chosen, verdict),
          ]),
        ),
    ],
  },
  'p99, night by night': {
    lines: NIGHT_LINES,
    expected: [(night, chosen) => ofCells(chosen, (of) => (CELLS[of].p99Ms[night] ?? 0) / 1000)],
  },
  'p99 relative to the median of its last seven days': {
    lines: NIGHT_LINES,
    expected: [
      (night, chosen) =>
        ofCells(chosen, (of) => {
          const { p99Ms } = CELLS[of];
          return (p99Ms[night] ?? 0) / median(p99Ms.slice(0, night + 1));
        }),
    ],
  },
  'Drift of memory, per hour': {
    lines: [...DRIFT_LINES, 'oversoak_drift_metric'],
    expected: [perHour({ workingSet: ' workingSet', privateBytes: ' privateBytes' })],
  },
  'Drift of handles, per hour': { lines: DRIFT_LINES, expected: [perHour({ handles: '' })] },
  'Drift of threads, per hour': { lines: DRIFT_LINES, expected: [perHour({ threads: '' })] },
  'Drift of the p99, per hour': { lines: DRIFT_LINES, expected: [perHour({ p99: '' }, 1e6)] },
};

/** Two control planes answer requests, allocate and drop alike. */
const PLANES = 2;
const same = (expected: Expected): Panel['expected'] => [() => expected];
let instances: string[];

const AGENTS: Record<string, Panel> = {
  Platform: { lines: ['oversoak_platform'], names: true, expected: same({ wine: 1, windows: 1 }) },
  'Lost agents': { lines: ['oversoak_platform'], expected: same({ windows: 4, wine: 0 }) },
  'Agents by state': {
    lines: ['oversoak_agent_state'],
    expected: same({ idle: 2, busy: 3, draining: 1, lost: 4 }),
  },
  'Waiting jobs': { lines: ['oversoak_queue'], expected: same(CLUSTER.queues) },
  'Duration of a gang allocation attempt': {
    lines: [],
    expected: [
      () => ({ '': CLUSTER.allocationSeconds }),
      () => ({ '': CLUSTER.allocationSeconds }),
    ],
  },
  'Requests to the API': {
    lines: ['http_response_status_code'],
    expected: same(
      Object.fromEntries(
        CLUSTER.requests.map(({ status, perSecond }) => [String(status), PLANES * perSecond]),
      ),
    ),
  },
  'Duration of requests, p95': {
    lines: ['http_request_method', 'http_route'],
    expected: same(
      Object.fromEntries(
        CLUSTER.requests.map(({ method, route, seconds }) => [`${method} ${route}`, seconds]),
      ),
    ),
  },
  'Refused reports': {
    lines: ['error_type'],
    expected: same({
      ...{ 'other-epoch': CLUSTER.refusedPerSecond, invalid: 0, 'other-sender': 0 },
      ...{ 'unknown-run': 0, 'not-in-gang': 0, 'run-is-done': 0 },
    }),
  },
  'Dropped telemetry': {
    lines: ['instance'],
    expected: [() => Object.fromEntries(instances.map((name) => [name, CLUSTER.droppedPerSecond]))],
  },
};

const ALERTS: Record<string, Panel> = {
  'A nightly did not pass': {
    lines: ['oversoak_schedule', 'oversoak_verdict'],
    expected: [
      (night) => ({
        'nightly failed': isLast(night) ? 1 : 0,
        'nightly inconclusive': 0,
        'weekly failed': 0,
        'weekly inconclusive': 1,
      }),
    ],
  },
  'A schedule has a regression': { lines: ['oversoak_schedule'], expected: [regressions] },
  'A schedule stopped': { lines: ['oversoak_schedule'], expected: same({ nightly: 0, weekly: 1 }) },
  'Agents are lost': { lines: ['oversoak_platform'], expected: same({ windows: 4, wine: 0 }) },
  'Telemetry is dropped': {
    lines: [],
    expected: same({ '': PLANES * CLUSTER.droppedPerSecond * 600 }),
  },
};

const FILES = { 'nightly.json': NIGHTLY, 'agents.json': AGENTS, 'oversoak.yaml': ALERTS };
type File = keyof typeof FILES;

interface BoardQuery extends Query {
  panel: Panel | undefined;
  title: string;
  /** Of the panel's queries. */
  index: number;
}

function boardQueries(file: File): BoardQuery[] {
  const counts = new Map<string, number>();
  return queries()
    .filter(({ where, language }) => where.includes(`${file}: `) && language === 'promql')
    .flatMap((query): BoardQuery[] => {
      const title = query.where.slice(query.where.indexOf(': ') + 2);
      if (title.startsWith('variable ')) return [];
      const index = counts.get(title) ?? 0;
      counts.set(title, index + 1);
      return [{ ...query, title, index, panel: FILES[file][title] }];
    });
}

let prometheus: Prometheus;
let fromMs: number;

async function faultsOf(query: BoardQuery, night: number, chosen: Chosen): Promise<string[]> {
  const { panel, index, title } = query;
  assert.ok(panel !== undefined, title);
  // Late in the night, so that the series of an earlier control plane are stale.
  const atMs = fromMs + (night + 1) * NIGHT_MS - 15_000;
  const text = filled(query.text, {
    ...ALL,
    ...(chosen === 'all' ? {} : { schedule: chosen }),
    ...{ __rate_interval: RATE_INTERVAL, __range: `${((night + 1) * NIGHT_MS) / 1000}s` },
  });
  const { result } = await prometheus.at(text, atMs / 1000);
  const lineOf = ({ metric }: Series) => panel.lines.map((label) => metric[label]).join(' ');
  const found = result.map((series) => [lineOf(series), Number(series.value?.[1])] as const);
  const expected = panel.expected[index]?.(night, chosen) ?? {};
  const right =
    found.length === Object.keys(expected).length &&
    found.every(([line, figure]) => {
      const wanted = expected[line];
      if (wanted === undefined || panel.names) return wanted !== undefined;
      return Math.abs(figure - wanted) <= NEAR * Math.abs(wanted);
    });
  if (right) return [];
  const [was, should] = [Object.fromEntries(found), expected].map((one) => JSON.stringify(one));
  return [`${query.where} (${index}), night ${night}, ${chosen}: ${was} rather than ${should}`];
}

describe('the panels of a cluster', () => {
  before(async () => {
    prometheus = await Prometheus.start();
    fromMs = Date.now() - NIGHTS * NIGHT_MS - 60_000;
    ({ instances } = await sendCluster(prometheus.receiver, fromMs));
  });
  after(() => prometheus?.stop());

  it('are all known here', () => {
    for (const file of Object.keys(FILES) as File[]) {
      const titles = new Set(boardQueries(file).map(({ title }) => title));
      assert.deepEqual([...titles].sort(), Object.keys(FILES[file]).sort(), file);
      for (const { panel, index, title } of boardQueries(file))
        assert.ok(panel?.expected[index], title);
    }
  });

  for (const chosen of ['all', 'nightly', 'weekly'] as const) {
    it(`of the nights answer what is known, of ${chosen}`, async () => {
      const faults: string[] = [];
      for (const query of boardQueries('nightly.json')) {
        for (const night of [0, 1, 3, 4]) faults.push(...(await faultsOf(query, night, chosen)));
      }
      assert.deepEqual(faults, []);
    });
  }

  for (const file of ['agents.json', 'oversoak.yaml'] as const) {
    it(`of ${file} answer what is known`, async () => {
      const faults: string[] = [];
      for (const query of boardQueries(file)) {
        for (const night of [3, 4]) faults.push(...(await faultsOf(query, night, 'all')));
      }
      assert.deepEqual(faults, []);
    });
  }

  it('would be found wrong if they counted every control plane, or every schedule', async () => {
    const planted = async (file: File, title: string, from: string, to: string) => {
      const [query] = boardQueries(file).filter((one) => one.title === title);
      assert.ok(query, title);
      assert.ok(query.text.includes(from), title);
      return await faultsOf({ ...query, text: query.text.replaceAll(from, to) }, 4, 'nightly');
    };
    const rate = await planted('agents.json', 'Requests to the API', 'sum by', 'max by');
    assert.match(rate.join(), /rather than/);
    const every = 'oversoak_schedule=~".*"';
    const nights = await planted(
      'nightly.json',
      'Runs by verdict',
      'oversoak_schedule=~"$schedule"',
      every,
    );
    assert.match(nights.join(), /rather than/);
  });
});
