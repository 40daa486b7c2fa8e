import {
  type CellDifference,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  type MetricDifference,
  type SoakDifference,
  type Trend,
  type TrendPoint,
  type TrendSeries,
} from '@oversoak/contracts';

const WINE = 'Wine 8.0 on Linux: correctness and relative cost, not Windows performance';

function metric(
  name: DifferenceMetric,
  left: number,
  ratio: number,
  change: Partial<MetricDifference> = {},
): MetricDifference {
  return {
    metric: name,
    unit: DIFFERENCE_METRICS[name],
    left,
    right: left * ratio,
    ratio,
    low: ratio * 0.95,
    high: ratio * 1.06,
    smallestSeen: 1.08,
    leftRepeats: 3,
    rightRepeats: 3,
    paired: false,
    difference: 'none',
    why: null,
    ...change,
  };
}

/** One metric of each word that there is. */
export function cellDifference(left: string, right = left): CellDifference {
  const none = { left: null, right: null, ratio: null, low: null, high: null, smallestSeen: null };
  const unknown = { ...none, difference: 'unknown', why: 'one repeat allows no claim' } as const;
  return {
    left,
    right,
    metrics: [
      metric('echo.latency.p50', 412, 1.01),
      metric('echo.latency.p99', 11_930, 1.342, { difference: 'higher' }),
      metric('sent.rate', 799.96, 1, { low: 0.998, high: 1.002, smallestSeen: 1.002 }),
      metric('server.cpuPerEcho', 42.1, 0.88, { difference: 'lower' }),
      metric('server.workingSet', 1, 1, unknown),
    ],
  };
}

export function soakDifference(change: Partial<SoakDifference> = {}): SoakDifference {
  return {
    left: { selector: 'baseline:main', soakId: 'soak-1', name: 'nightly' },
    right: { selector: 'soak-2', soakId: 'soak-2', name: 'nightly' },
    platform: [WINE],
    cells: [cellDifference('iocp.homo.100'), cellDifference('iocp.homo.100', 'event.homo.100')],
    unmatched: ['select.homo.100'],
    notes: ['the specs differ in phases.measureSeconds'],
    ...change,
  };
}

const DAY_MS = 86_400_000;

const night = (
  index: number,
  value: number | null,
  state: TrendPoint['state'] = 'none',
): TrendPoint => ({
  soakId: `soak-${index}`,
  tickAtMs: Date.UTC(2027, 0, 1, 2) + index * DAY_MS,
  cause: 'tick',
  verdict: value === null ? 'inconclusive' : 'passed',
  value,
  state,
});

const BASE = { middle: 412, low: 400, high: 424.4, nights: 9, smallest: 1.034 };

function series(change: Partial<TrendSeries>): TrendSeries {
  return {
    cell: 'iocp.homo.100',
    metric: 'echo.latency.p50',
    unit: 'us',
    base: BASE,
    points: [410, 412, 414, 411].map((value, index) => night(index, value)),
    state: 'none',
    change: null,
    ...change,
  };
}

const since = (index: number, ratio: number): TrendSeries['change'] => {
  const { soakId, tickAtMs } = night(index, null);
  return { sinceSoakId: soakId, sinceTickAtMs: tickAtMs, ratio };
};

export function trend(change: Partial<Trend> = {}): Trend {
  const worse = series({
    metric: 'echo.latency.p99',
    base: { middle: 11_930, low: 11_000, high: 12_940, nights: 20, smallest: 1.08 },
    points: [
      ...[11_900, 11_930, 11_960].map((value, index) => night(index, value)),
      night(3, 14_000, 'suspect'),
      night(4, null, 'suspect'),
      night(5, 15_200, 'regression'),
    ],
    state: 'regression',
    change: since(3, 1.214),
  });
  const suspect = series({
    cell: 'event.homo.100',
    points: [412, 411, 413, 437].map((value, index) =>
      night(index, value, index === 3 ? 'suspect' : 'none'),
    ),
    state: 'suspect',
    change: since(3, 1.06),
  });
  const better = series({
    cell: 'event.homo.100',
    metric: 'server.workingSet',
    base: { middle: 4e7, low: 3.9e7, high: 4.1e7, nights: 20, smallest: 1.02 },
    points: [4e7, 3e7, 3e7].map((value, index) =>
      night(index, value, index === 2 ? 'improvement' : 'none'),
    ),
    state: 'improvement',
    change: since(1, 0.75),
  });
  const young = series({ cell: 'event.homo.100', metric: 'sent.rate', base: null, points: [] });
  return {
    schedule: 'nightly',
    platform: [WINE],
    base: { sinceSoakId: 'soak-0', sinceTickAtMs: night(0, null).tickAtMs, pinned: 'main' },
    series: [series({}), worse, suspect, better, young],
    regression: true,
    notes: ['excluded nights before the base: 2'],
    ...change,
  };
}
