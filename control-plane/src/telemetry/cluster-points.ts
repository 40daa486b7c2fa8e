import {
  type Attribute,
  type DriftMetric,
  type HistogramMetric,
  type Metric,
  VERDICTS,
  type Verdict,
} from '@oversoak/contracts';
import type { Attributes, MetricPoint } from '@oversoak/telemetry';
import { REFUSALS } from '../run/report-refusal.ts';
import type { CellTally } from '../store/cells.ts';
import type { AgentCount } from './agent-counts.ts';

/** A reading of the cluster's figures; the same in every control plane. */
export interface ClusterRead {
  /** Start of the cumulative sums. */
  sinceMs: number;
  nowMs: number;
  cells: readonly CellTally[];
  schedules: readonly ScheduleRead[];
  agents: readonly AgentCount[];
  /** Waiting jobs by queue; "soaks": soaks that wait for agents. */
  queues: ReadonlyMap<string, number>;
  /** Refused reports by reason. */
  refused: Readonly<Record<string, number>>;
}

export interface ScheduleRead {
  name: string;
  /** Verdict of its last soak that ended. */
  verdict: Verdict | null;
  /** The number of figures that are worse than their base. */
  regressions: number | null;
  /** The schedule is enabled but makes no soaks. */
  stopped: boolean;
}

/** A cell's figures are exported for this long after its last run. */
const SHOWN_MS = 30 * 86_400_000;

const US_PER_SECOND = 1e6;

type Figure = readonly [Exclude<Metric, HistogramMetric>, number, Attributes];

const ESTIMATE = 'oversoak.drift.estimate' satisfies Attribute;

function driftOf(metric: DriftMetric, perHour: number, attributes: Attributes): Figure {
  switch (metric) {
    case 'handles':
      return ['oversoak.run.drift.handles', perHour, attributes];
    case 'threads':
      return ['oversoak.run.drift.threads', perHour, attributes];
    case 'p99':
      return ['oversoak.run.drift.p99', perHour / US_PER_SECOND, attributes];
    default:
      return [
        'oversoak.run.drift.memory',
        perHour,
        { ...attributes, 'oversoak.drift.metric': metric },
      ];
  }
}

/** Exports zeros too: a first failure then increases a series instead of starting one. */
function* ofCell(cell: CellTally, nowMs: number): Generator<Figure> {
  const { verdicts, figures } = cell;
  const attributes: Attributes = {
    'oversoak.soak.name': cell.soakName,
    ...(cell.schedule === null ? {} : { 'oversoak.schedule': cell.schedule }),
    'oversoak.cell': cell.cell,
    'oversoak.notifier': cell.notifier,
    'oversoak.layout': cell.layout,
  };
  for (const verdict of VERDICTS) {
    yield ['oversoak.runs', verdicts[verdict], { ...attributes, 'oversoak.verdict': verdict }];
  }
  if (figures === null || nowMs - figures.atMs > SHOWN_MS) return;
  const { platform, p99Us, drift } = figures;
  const shown = { ...attributes, 'oversoak.platform': platform };
  if (p99Us !== null) yield ['oversoak.run.p99', p99Us / US_PER_SECOND, shown];
  for (const { metric, slope, low, high } of drift) {
    for (const [estimate, value] of Object.entries({ slope, low, high })) {
      // A cell that an earlier version stored has no interval.
      if (typeof value === 'number')
        yield driftOf(metric, value, { ...shown, [ESTIMATE]: estimate });
    }
  }
}

function* ofSchedule({ name, verdict, regressions, stopped }: ScheduleRead): Generator<Figure> {
  const schedule = { 'oversoak.schedule': name };
  yield ['oversoak.schedule.stopped', stopped ? 1 : 0, schedule];
  if (regressions !== null) yield ['oversoak.regressions', regressions, schedule];
  if (verdict === null) return;
  for (const each of VERDICTS) {
    const is = each === verdict ? 1 : 0;
    yield ['oversoak.schedule.verdict', is, { ...schedule, 'oversoak.verdict': each }];
  }
}

function* figuresOf(read: ClusterRead): Generator<Figure> {
  for (const cell of read.cells) yield* ofCell(cell, read.nowMs);
  for (const schedule of read.schedules) yield* ofSchedule(schedule);
  for (const { state, platform, count } of read.agents) {
    yield [
      'oversoak.agents',
      count,
      { 'oversoak.agent.state': state, 'oversoak.platform': platform },
    ];
  }
  for (const [queue, length] of read.queues) {
    yield ['oversoak.queue.length', length, { 'oversoak.queue': queue }];
  }
  for (const reason of REFUSALS) {
    yield ['oversoak.reports.refused', read.refused[reason] ?? 0, { 'error.type': reason }];
  }
}

/** Pure: the points of a reading. Series: up to 20 per cell, 6 per schedule, two dozen others. */
export function clusterPoints(read: ClusterRead): MetricPoint[] {
  return [...figuresOf(read)].map(([metric, value, attributes]) => ({
    metric,
    value,
    attributes,
    startMs: read.sinceMs,
  }));
}
