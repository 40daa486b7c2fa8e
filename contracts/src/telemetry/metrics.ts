import { type Attribute, RUN_ATTRIBUTES } from './attributes.ts';
import { ZONE_METRICS } from './zone-metrics.ts';

/** Attributes of what the last runs of a cell measured. */
const CELL_ATTRIBUTES = [
  'oversoak.soak.name',
  'oversoak.schedule',
  'oversoak.cell',
  'oversoak.notifier',
  'oversoak.layout',
  'oversoak.platform',
] as const satisfies readonly Attribute[];

interface MetricSpec {
  /** `histogram`: exponential, built from native counts. `gauge` and `sum`: as in OpenTelemetry. */
  kind: 'histogram' | 'sum' | 'updown' | 'gauge';
  /** UCUM code. */
  unit: string;
  attributes: readonly Attribute[];
  /**
   * May also have `oversoak.run.id`. Counts that are divided by one another have it alike: Prometheus
   * extrapolates each series, so one of all repeats and several of one each would not match.
   */
  perRun?: true;
  /** The program that emits it. */
  by: 'agent' | 'control-plane' | 'both';
  description: string;
}

const agent = { by: 'agent' } as const;
const plane = { by: 'control-plane' } as const;
const both = { by: 'both' } as const;

/** All metrics. Sums are cumulative; durations are in seconds, as is customary in Prometheus. */
export const METRICS = {
  'oversoak.echo.latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.latency.from'],
    perRun: true,
    description:
      'from the intended (or actual) send of a message to its valid echo; measurement only',
  },
  'oversoak.echo.send_lag': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    description:
      'how late the fleet itself sent a message that nothing held back; measurement only',
  },
  'oversoak.echo.stage.time': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.stage'],
    description:
      'time that echoes spent in a stage; the stages add up to their latency; measurement only',
  },
  'oversoak.run.time': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description:
      "how long the run has been running; a fleet counts the share that it has of the sessions, so that the fleets' sum is the time of the run",
  },
  'oversoak.run.measured_time': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description:
      'the same, measurement only. The increase of a count divided by the increase of this time is an exact rate, however short the run',
  },
  'oversoak.messages.due': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'messages that were due; measurement only',
  },
  'oversoak.messages.late': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'messages that the fleet itself sent more than 50 ms late; measurement only',
  },
  'oversoak.messages.held': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description:
      'messages that waited because their session had overSend messages without an echo: the server was slow; measurement only',
  },
  'oversoak.messages.unsent': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.cause'],
    perRun: true,
    description: 'messages that were due and never left, by cause; measurement only',
  },
  'oversoak.messages.sent': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'messages that were due and handed to a send; measurement only',
  },
  'oversoak.messages.echoed': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'messages that were due and whose valid echo came back; measurement only',
  },
  'oversoak.messages.lost_on_close': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    description: 'messages without an echo when their session closed',
  },
  'oversoak.messages.in_flight': {
    ...agent,
    kind: 'updown',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    description: 'messages sent and not echoed yet, whose session is open',
  },
  'oversoak.errors': {
    ...agent,
    kind: 'sum',
    unit: '{error}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role', 'oversoak.error.class'],
    perRun: true,
    description: 'errors by class',
  },
  'oversoak.sessions.live': {
    ...agent,
    kind: 'updown',
    unit: '{session}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description: 'open sessions',
  },
  'oversoak.container.lock_wait': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    description: "wait for the player container's lock, by look-ups and moves; measurement only",
  },
  'oversoak.content.queue_wait': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.content'],
    description:
      'from the push into the queue of a content until its thread takes the message; measurement only',
  },
  'oversoak.content.queue_depth': {
    ...agent,
    kind: 'gauge',
    unit: '{message}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.content'],
    description:
      'messages that waited: mean of what the content threads found since the previous export',
  },
  'oversoak.content.handled': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.content'],
    perRun: true,
    description: 'messages that a content handled; measurement only',
  },
  'oversoak.player.moves': {
    ...agent,
    kind: 'sum',
    unit: '{move}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'player moves between contents; measurement only',
  },
  'oversoak.player.move_latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    description: 'from the decision to move until the new owner has the player; measurement only',
  },
  ...ZONE_METRICS,
  'oversoak.thread.cpu': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role', 'oversoak.thread', 'oversoak.cpu.mode'],
    perRun: true,
    description: 'CPU time of a thread of the native core; measurement only',
  },
  'oversoak.thread.cycles': {
    ...agent,
    kind: 'sum',
    unit: '{cycle}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role', 'oversoak.thread'],
    perRun: true,
    description:
      'processor cycles of a thread of the native core, where the platform reports them (Windows, not Wine): exact, while its CPU time counts whole clock ticks; measurement only',
  },
  'process.memory.usage': {
    ...agent,
    kind: 'updown',
    unit: 'By',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description: 'resident memory of the host process; semantic conventions',
  },
  'process.memory.virtual': {
    ...agent,
    kind: 'updown',
    unit: 'By',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    description:
      'committed memory of the host process that no other process shares; semantic conventions',
  },
  'process.windows.handle.count': {
    ...agent,
    kind: 'updown',
    unit: '{handle}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description: 'open kernel handles of the host process, on Windows; semantic conventions',
  },
  'process.unix.file_descriptor.count': {
    ...agent,
    kind: 'updown',
    unit: '{file_descriptor}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    perRun: true,
    description: 'open file descriptors of the host process, on Linux; semantic conventions',
  },
  'process.thread.count': {
    ...agent,
    kind: 'updown',
    unit: '{thread}',
    attributes: [...RUN_ATTRIBUTES, 'oversoak.role'],
    description: 'threads of the host process, including those of Node.js; semantic conventions',
  },
  'oversoak.run.drift.memory': {
    ...plane,
    kind: 'gauge',
    unit: 'By/h',
    attributes: [...CELL_ATTRIBUTES, 'oversoak.drift.estimate', 'oversoak.drift.metric'],
    description: 'slope per hour of memory in the last run of a cell, with its 95 % interval',
  },
  'oversoak.run.drift.handles': {
    ...plane,
    kind: 'gauge',
    unit: '{handle}/h',
    attributes: [...CELL_ATTRIBUTES, 'oversoak.drift.estimate'],
    description:
      'slope per hour of the open handles in the last run of a cell, with its 95 % interval',
  },
  'oversoak.run.drift.threads': {
    ...plane,
    kind: 'gauge',
    unit: '{thread}/h',
    attributes: [...CELL_ATTRIBUTES, 'oversoak.drift.estimate'],
    description:
      'slope per hour of the number of threads in the last run of a cell, with its 95 % interval',
  },
  'oversoak.run.drift.p99': {
    ...plane,
    kind: 'gauge',
    unit: 's/h',
    attributes: [...CELL_ATTRIBUTES, 'oversoak.drift.estimate'],
    description: 'slope per hour of the p99 in the last run of a cell, with its 95 % interval',
  },
  'oversoak.run.p99': {
    ...plane,
    kind: 'gauge',
    unit: 's',
    attributes: CELL_ATTRIBUTES,
    description:
      'p99 of a cell in its last soak, over all repeats that are done and whose load was sound, from the intended send time',
  },
  'oversoak.runs': {
    ...plane,
    kind: 'sum',
    unit: '{run}',
    attributes: [
      'oversoak.soak.name',
      'oversoak.schedule',
      'oversoak.cell',
      'oversoak.notifier',
      'oversoak.layout',
      'oversoak.verdict',
    ],
    description: 'finished runs, by verdict; counted in Redis, so a restart loses none',
  },
  'oversoak.schedule.verdict': {
    ...plane,
    kind: 'gauge',
    unit: '{soak}',
    attributes: ['oversoak.schedule', 'oversoak.verdict'],
    description:
      "1 for the verdict of the schedule's last finished soak, 0 for the other verdicts; a tick whose soak was refused counts as inconclusive",
  },
  'oversoak.regressions': {
    ...plane,
    kind: 'gauge',
    unit: '{metric}',
    attributes: ['oversoak.schedule'],
    description: 'figures of a schedule that have become worse than their base',
  },
  'oversoak.schedule.stopped': {
    ...plane,
    kind: 'gauge',
    unit: '{schedule}',
    attributes: ['oversoak.schedule'],
    description:
      '1: the schedule is enabled but submits no soaks, because its tick is overdue or its last ticks were skipped or refused; otherwise 0',
  },
  'oversoak.queue.length': {
    ...plane,
    kind: 'gauge',
    unit: '{job}',
    attributes: ['oversoak.queue'],
    description: 'jobs that are due and wait; for "soaks": soaks that wait for agents',
  },
  'oversoak.allocation.duration': {
    ...plane,
    kind: 'histogram',
    unit: 's',
    attributes: [],
    description: 'duration of one attempt to allocate a gang',
  },
  'oversoak.agents': {
    ...plane,
    kind: 'gauge',
    unit: '{agent}',
    attributes: ['oversoak.agent.state', 'oversoak.platform'],
    description: 'agents by state',
  },
  'oversoak.reports.refused': {
    ...plane,
    kind: 'sum',
    unit: '{report}',
    attributes: ['error.type'],
    description: 'reports that were refused, by reason',
  },
  'oversoak.telemetry.dropped': {
    ...both,
    kind: 'sum',
    unit: '{item}',
    attributes: [],
    description: 'spans and metric exports that could not be delivered',
  },
  'http.server.request.duration': {
    ...plane,
    kind: 'histogram',
    unit: 's',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code'],
    description: 'requests to the API, except event streams; semantic conventions',
  },
} as const satisfies Record<string, MetricSpec>;
export type Metric = keyof typeof METRICS;
export type HistogramMetric = {
  [M in Metric]: (typeof METRICS)[M]['kind'] extends 'histogram' ? M : never;
}[Metric];

/** All attributes that a metric may have. */
export function metricAttributes(metric: Metric): readonly Attribute[] {
  const spec: MetricSpec = METRICS[metric];
  return spec.perRun ? [...spec.attributes, 'oversoak.run.id'] : spec.attributes;
}
