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
  const unknown = { ...none, difference: 'unknown', why: 'one repeat makes no claim' } as const;
  return {
    left,
    right,
    metrics: [
      metric('echo.latency.p50', 412, 1.01),
      metric('echo.latency.p99', 11_930, 1.342, { difference: 'higher' }),
      metric('achieved.rate', 799.96, 1, { low: 0.998, high: 1.002, smallestSeen: 1.002 }),
      metric('serverCpuSecondsPer1000Echoes', 0.0421, 0.88, { difference: 'lower' }),
      metric('serverWorkingSet', 1, 1, unknown),
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

const night = (index: number, value: number | null, out: TrendPoint['out'] = null): TrendPoint => ({
  soakId: `soak-${index}`,
  tickAtMs: index,
  verdict: value === null ? 'inconclusive' : 'passed',
  value,
  out,
});

function series(change: Partial<TrendSeries>): TrendSeries {
  return {
    cell: 'iocp.homo.100',
    metric: 'echo.latency.p50',
    unit: 'us',
    band: { middle: 412, low: 400, high: 424.4, runs: 4 },
    points: [410, 412, 414, 411].map((value, index) => night(index, value)),
    regression: false,
    improvement: false,
    ...change,
  };
}

export function trend(change: Partial<Trend> = {}): Trend {
  const worse = series({
    metric: 'echo.latency.p99',
    band: { middle: 11_930, low: 11_000, high: 12_940, runs: 3 },
    points: [
      ...[11_900, 11_930, 11_960].map((value, index) => night(index, value)),
      night(3, 14_000, 'high'),
      night(4, null),
      night(5, 15_200, 'high'),
    ],
    regression: true,
  });
  const better = series({
    cell: 'event.homo.100',
    points: [
      night(0, 412),
      night(1, 411),
      night(2, 413),
      night(3, 200, 'low'),
      night(4, 201, 'low'),
    ],
    improvement: true,
  });
  const young = series({ cell: 'event.homo.100', metric: 'achieved.rate', band: null, points: [] });
  return {
    schedule: 'nightly',
    platform: [WINE],
    series: [series({}), worse, better, young],
    regression: true,
    notes: ['soaks of another spec than the newest are left out: 2'],
    ...change,
  };
}
