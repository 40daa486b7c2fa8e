import { PLATFORMS } from './agent.ts';
import { ERROR_CLASSES } from './error-classes.ts';
import { DRIFT_METRICS } from './evidence.ts';
import { LAYOUTS, NOTIFIERS } from './matrix.ts';
import { RUN_STATES, VERDICTS } from './run.ts';
import { STAGE_NAMES } from './stages.ts';

/** Every attribute of spans and metrics, once. `values`: all that there can be, where it is known. */
export const ATTRIBUTES = {
  'oversoak.soak.id': { type: 'string', description: 'the soak' },
  'oversoak.soak.name': { type: 'string', description: 'name in its spec' },
  'oversoak.run.id': { type: 'string', description: 'the run: one execution of one cell' },
  'oversoak.run.epoch': { type: 'int', description: 'of the gang allocation' },
  'oversoak.run.repeat': { type: 'int', description: 'counted from 1' },
  'oversoak.run.state': { type: 'string', description: 'of the run', values: RUN_STATES },
  'oversoak.cell': { type: 'string', description: 'key of the cell, e.g. iocp.homo.100' },
  'oversoak.notifier': {
    type: 'string',
    description: 'notification model of the server; "target" for one that oversoak did not start',
    values: [...NOTIFIERS, 'target'],
  },
  'oversoak.layout': {
    type: 'string',
    description: 'thread layout of the server; "target" as with the notifier',
    values: [...LAYOUTS, 'target'],
  },
  'oversoak.sessions': { type: 'int', description: 'client sessions of the whole fleet' },
  'oversoak.agent.id': { type: 'string', description: 'the agent' },
  'oversoak.agent.state': {
    type: 'string',
    description:
      'of an agent; draining: told to take no more, whether it lives or not; stopped: it was ended in order; lost: its lease lapsed',
    values: ['idle', 'busy', 'draining', 'stopped', 'lost'],
  },
  'oversoak.role': { type: 'string', description: 'part in the gang', values: ['server', 'fleet'] },
  'oversoak.platform': {
    type: 'string',
    description: 'wine: correctness and relative cost, never Windows performance',
    values: PLATFORMS,
  },
  'oversoak.schedule': { type: 'string', description: 'the schedule that submitted the soak' },
  'oversoak.verdict': { type: 'string', description: 'of a run or soak', values: VERDICTS },
  'oversoak.verdict.reason': { type: 'string', description: 'the first of its reasons' },
  'oversoak.latency.from': {
    type: 'string',
    description: 'the send time that a latency counts from',
    values: ['intended', 'actual'],
  },
  'oversoak.stage': {
    type: 'string',
    description:
      'stage of an echo. Spans show the network half before and half after the server ("return"), for no clock is shared that could tell them apart',
    values: [...STAGE_NAMES, 'return'],
  },
  'oversoak.stage.dominating': {
    type: 'string',
    description: 'the longest stage of a slow echo',
    values: STAGE_NAMES,
  },
  'oversoak.content': { type: 'string', description: 'lobby, pvp, ...: as the spec names them' },
  'oversoak.error.class': {
    type: 'string',
    description: 'what went wrong with a message or session',
    values: Object.keys(ERROR_CLASSES),
  },
  'oversoak.thread': { type: 'string', description: 'thread of the native core, e.g. io-0' },
  'oversoak.cpu.mode': { type: 'string', description: 'of CPU time', values: ['user', 'kernel'] },
  'oversoak.queue': {
    type: 'string',
    description: 'queue of the control plane; agents together',
    values: ['soak-ticks', 'run-dispatch', 'run-reports', 'webhooks', 'agents', 'soaks'],
  },
  'oversoak.interval.seconds': { type: 'double', description: 'length of an interval' },
  'oversoak.interval.sent': { type: 'int', description: 'messages sent in it' },
  'oversoak.interval.echoed': { type: 'int', description: 'echoes that came back in it' },
  'oversoak.interval.errors': { type: 'int', description: 'errors of all classes in it' },
  'oversoak.interval.p50_us': { type: 'double', description: 'median latency, intended' },
  'oversoak.interval.p99_us': { type: 'double', description: '99th percentile, intended' },
  'oversoak.interval.max_us': { type: 'double', description: 'largest latency, intended' },
  'oversoak.interval.working_set_bytes': { type: 'int', description: 'at its end' },
  'oversoak.interval.queue_depth': { type: 'double', description: 'mean messages that waited' },
  'oversoak.drift.metric': {
    type: 'string',
    description: 'figure whose drift it is',
    values: DRIFT_METRICS,
  },
  'oversoak.echo.session': { type: 'int', description: 'number of the session in its fleet' },
  'oversoak.echo.sequence': { type: 'int', description: 'of the message in its session' },
  'oversoak.echo.latency_us': { type: 'double', description: 'from the intended send time' },
  'http.request.method': {
    type: 'string',
    description: 'semantic conventions; _OTHER for unknown ones',
  },
  'http.route': { type: 'string', description: 'semantic conventions' },
  'http.response.status_code': { type: 'int', description: 'semantic conventions' },
  'messaging.system': { type: 'string', description: 'semantic conventions', values: ['bullmq'] },
  'messaging.destination.name': { type: 'string', description: 'queue; semantic conventions' },
  'messaging.operation.type': {
    type: 'string',
    description: 'semantic conventions',
    values: ['send', 'process'],
  },
  'messaging.message.id': { type: 'string', description: 'job id; semantic conventions' },
  'error.type': { type: 'string', description: 'semantic conventions' },
} as const satisfies Record<
  string,
  { type: 'string' | 'int' | 'double'; description: string; values?: readonly string[] }
>;
export type Attribute = keyof typeof ATTRIBUTES;

/** On every figure of a run; with `oversoak.run.id` where the agent is set to add it. */
const RUN = [
  'oversoak.soak.id',
  'oversoak.cell',
  'oversoak.notifier',
  'oversoak.layout',
  'oversoak.sessions',
  'oversoak.agent.id',
  'oversoak.platform',
] as const satisfies readonly Attribute[];

interface MetricSpec {
  /** `histogram`: exponential, made from the native counts. `gauge` and `sum` as OpenTelemetry's. */
  kind: 'histogram' | 'sum' | 'updown' | 'gauge';
  /** UCUM. */
  unit: string;
  attributes: readonly Attribute[];
  /** May bear `oversoak.run.id` too. */
  perRun?: true;
  /** Emitted by. */
  by: 'agent' | 'control-plane' | 'both';
  description: string;
}

const agent = { by: 'agent' } as const;
const plane = { by: 'control-plane' } as const;
const both = { by: 'both' } as const;

/** Every metric, once. Cumulative; durations in seconds, as Prometheus wants them. */
export const METRICS = {
  'oversoak.echo.latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: [...RUN, 'oversoak.latency.from'],
    perRun: true,
    description:
      'from the intended (or actual) send of a message to its valid echo; of the measurement alone',
  },
  'oversoak.echo.send_lag': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN,
    description: 'how late the fleet itself sent a message',
  },
  'oversoak.echo.stage.time': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN, 'oversoak.stage'],
    description:
      'time that echoes spent in a stage; the stages add up to their latency; of the measurement alone',
  },
  'oversoak.messages.offered': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN,
    perRun: true,
    description: 'messages that were due',
  },
  'oversoak.messages.sent': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN,
    perRun: true,
    description: 'messages handed to a send',
  },
  'oversoak.messages.echoed': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN,
    perRun: true,
    description: 'messages whose valid echo came back',
  },
  'oversoak.messages.lost_on_close': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN,
    description: 'messages not echoed when their session closed',
  },
  'oversoak.messages.in_flight': {
    ...agent,
    kind: 'updown',
    unit: '{message}',
    attributes: RUN,
    description: 'messages sent, not echoed, whose session is open',
  },
  'oversoak.errors': {
    ...agent,
    kind: 'sum',
    unit: '{error}',
    attributes: [...RUN, 'oversoak.role', 'oversoak.error.class'],
    perRun: true,
    description: 'errors by class',
  },
  'oversoak.sessions.live': {
    ...agent,
    kind: 'updown',
    unit: '{session}',
    attributes: [...RUN, 'oversoak.role'],
    perRun: true,
    description: 'open sessions',
  },
  'oversoak.container.lock_wait': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN,
    description: "wait for the player container's lock, of look-ups and moves",
  },
  'oversoak.content.queue_wait': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: [...RUN, 'oversoak.content'],
    description: 'from the push into the queue of a content to its thread taking the message',
  },
  'oversoak.content.queue_depth': {
    ...agent,
    kind: 'gauge',
    unit: '{message}',
    attributes: [...RUN, 'oversoak.content'],
    description: 'messages that waited, mean of what the content threads found in the interval',
  },
  'oversoak.content.handled': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: [...RUN, 'oversoak.content'],
    description: 'messages that a content handled',
  },
  'oversoak.player.moves': {
    ...agent,
    kind: 'sum',
    unit: '{move}',
    attributes: RUN,
    description: 'moves of players between contents',
  },
  'oversoak.player.move_latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN,
    description: 'from the decision to move to the new owner having the player',
  },
  'oversoak.thread.cpu': {
    ...agent,
    kind: 'sum',
    unit: 's',
    attributes: [...RUN, 'oversoak.role', 'oversoak.thread', 'oversoak.cpu.mode'],
    description: 'CPU time of a thread of the native core',
  },
  'oversoak.process.working_set': {
    ...agent,
    kind: 'gauge',
    unit: 'By',
    attributes: [...RUN, 'oversoak.role'],
    perRun: true,
    description: 'resident memory of the host process',
  },
  'oversoak.process.private_memory': {
    ...agent,
    kind: 'gauge',
    unit: 'By',
    attributes: [...RUN, 'oversoak.role'],
    description: 'committed memory that no other process shares',
  },
  'oversoak.process.handles': {
    ...agent,
    kind: 'gauge',
    unit: '{handle}',
    attributes: [...RUN, 'oversoak.role'],
    perRun: true,
    description: 'open kernel handles',
  },
  'oversoak.process.threads': {
    ...agent,
    kind: 'gauge',
    unit: '{thread}',
    attributes: [...RUN, 'oversoak.role'],
    description: 'threads of the host process, those of Node.js included',
  },
  'oversoak.run.drift': {
    ...plane,
    kind: 'gauge',
    unit: '{unit}/h',
    attributes: [
      'oversoak.soak.name',
      'oversoak.schedule',
      'oversoak.cell',
      'oversoak.notifier',
      'oversoak.layout',
      'oversoak.platform',
      'oversoak.drift.metric',
    ],
    description: 'slope per hour of a figure in the last run of a cell, in its unit per hour',
  },
  'oversoak.run.p99': {
    ...plane,
    kind: 'gauge',
    unit: 's',
    attributes: [
      'oversoak.soak.name',
      'oversoak.schedule',
      'oversoak.cell',
      'oversoak.notifier',
      'oversoak.layout',
      'oversoak.platform',
    ],
    description: 'p99 from the intended send time, of the last run of a cell',
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
    description: 'runs that are done, by verdict; counted in Redis, so a restart loses none',
  },
  'oversoak.schedule.verdict': {
    ...plane,
    kind: 'gauge',
    unit: '{soak}',
    attributes: ['oversoak.schedule', 'oversoak.verdict'],
    description:
      "1 at the verdict of the schedule's last soak that ended, 0 at the others; a tick whose soak was refused is inconclusive",
  },
  'oversoak.regressions': {
    ...plane,
    kind: 'gauge',
    unit: '{metric}',
    attributes: ['oversoak.schedule'],
    description: 'figures of a schedule that left their band twice in a row',
  },
  'oversoak.queue.length': {
    ...plane,
    kind: 'gauge',
    unit: '{job}',
    attributes: ['oversoak.queue'],
    description: 'jobs that are due and wait; of "soaks" those that wait for agents',
  },
  'oversoak.allocation.duration': {
    ...plane,
    kind: 'histogram',
    unit: 's',
    attributes: [],
    description: 'time of one attempt to allocate a gang',
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
    description: 'requests to the API but event streams; semantic conventions',
  },
} as const satisfies Record<string, MetricSpec>;
export type Metric = keyof typeof METRICS;
type OfKind<K extends MetricSpec['kind']> = {
  [M in Metric]: (typeof METRICS)[M]['kind'] extends K ? M : never;
}[Metric];
export type HistogramMetric = OfKind<'histogram'>;
export type SumMetric = OfKind<'sum' | 'updown'>;

/** All that a metric may bear. */
export function metricAttributes(metric: Metric): readonly Attribute[] {
  const spec: MetricSpec = METRICS[metric];
  return spec.perRun ? [...spec.attributes, 'oversoak.run.id'] : spec.attributes;
}

interface SpanSpec {
  by: 'agent' | 'control-plane' | 'both';
  /** As OpenTelemetry's. */
  kind: 'internal' | 'server' | 'producer' | 'consumer';
  attributes: readonly Attribute[];
  description: string;
}

const SPAN_OF_RUN = [
  'oversoak.soak.id',
  'oversoak.soak.name',
  'oversoak.run.id',
  'oversoak.run.epoch',
  'oversoak.run.repeat',
  'oversoak.cell',
  'oversoak.notifier',
  'oversoak.layout',
  'oversoak.sessions',
] as const satisfies readonly Attribute[];
const SPAN_OF_PART = [
  ...SPAN_OF_RUN,
  'oversoak.agent.id',
  'oversoak.role',
  'oversoak.platform',
] as const satisfies readonly Attribute[];
const MESSAGE = [
  'messaging.system',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.message.id',
] as const satisfies readonly Attribute[];

/**
 * Every span, once. A span is exported when it ends, so a run of hours is told as short traces:
 * the submission of its soak; its launch, from the queue to the start, linked to that; one for each
 * interval and agent; its slowest echoes; its verdict, linked to its launch.
 */
export const SPANS = {
  'soak.submit': {
    ...plane,
    kind: 'internal',
    attributes: ['oversoak.soak.id', 'oversoak.soak.name', 'oversoak.schedule'],
    description: 'a spec becomes a soak with its runs',
  },
  'run.dispatch': {
    ...plane,
    kind: 'internal',
    attributes: SPAN_OF_RUN,
    description:
      'from its turn in the queue to a gang; the trace of a launch begins with it, linked to soak.submit',
  },
  'run.prepare': {
    ...plane,
    kind: 'internal',
    attributes: SPAN_OF_RUN,
    description: 'from the gang to its last report of being prepared',
  },
  'run.start': {
    ...plane,
    kind: 'internal',
    attributes: SPAN_OF_RUN,
    description: 'from there to the common start',
  },
  'run.verdict': {
    ...plane,
    kind: 'internal',
    attributes: [
      ...SPAN_OF_RUN,
      'oversoak.platform',
      'oversoak.verdict',
      'oversoak.verdict.reason',
    ],
    description: 'the judgement of a run, from its last report; a trace of its own',
  },
  'job.send': {
    ...both,
    kind: 'producer',
    attributes: [...SPAN_OF_PART, ...MESSAGE],
    description: "a job is put into the queue of an agent, or a report into the control plane's",
  },
  'job.process': {
    ...both,
    kind: 'consumer',
    attributes: [...SPAN_OF_PART, ...MESSAGE, 'error.type'],
    description:
      'an agent takes a job, or the control plane a report; error.type: why it refused it',
  },
  'part.prepare': {
    ...agent,
    kind: 'internal',
    attributes: SPAN_OF_PART,
    description: 'from the assignment to a host process that is prepared',
  },
  'part.interval': {
    ...agent,
    kind: 'internal',
    attributes: [
      ...SPAN_OF_PART,
      'oversoak.interval.seconds',
      'oversoak.interval.sent',
      'oversoak.interval.echoed',
      'oversoak.interval.errors',
      'oversoak.interval.p50_us',
      'oversoak.interval.p99_us',
      'oversoak.interval.max_us',
      'oversoak.interval.working_set_bytes',
      'oversoak.interval.queue_depth',
    ],
    description: 'one interval of a run on one agent, with its figures; a trace of its own',
  },
  'echo.slow': {
    ...agent,
    kind: 'internal',
    attributes: [
      ...SPAN_OF_PART,
      'oversoak.echo.session',
      'oversoak.echo.sequence',
      'oversoak.echo.latency_us',
      'oversoak.stage.dominating',
    ],
    description:
      'one of the slowest echoes of an interval; a trace of its own, its stages below it',
  },
  'echo.stage': {
    ...agent,
    kind: 'internal',
    attributes: ['oversoak.stage'],
    description: 'a stage of a slow echo; its name is that of the stage, e.g. "echo.stage queue"',
  },
  'http.request': {
    ...plane,
    kind: 'server',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code', 'error.type'],
    description:
      'a request to the API; its name is "METHOD route"; none of event streams, /healthz and /readyz',
  },
} as const satisfies Record<string, SpanSpec>;
export type SpanName = keyof typeof SPANS;
