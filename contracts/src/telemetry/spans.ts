import type { Attribute } from './attributes.ts';

interface SpanSpec {
  by: 'agent' | 'control-plane' | 'both';
  /** As in OpenTelemetry. */
  kind: 'internal' | 'server' | 'producer' | 'consumer';
  attributes: readonly Attribute[];
  description: string;
}
const agent = { by: 'agent' } as const;
const plane = { by: 'control-plane' } as const;
const both = { by: 'both' } as const;

export const RUN_SPAN_ATTRIBUTES = [
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
export const PART_SPAN_ATTRIBUTES = [
  ...RUN_SPAN_ATTRIBUTES,
  'oversoak.agent.id',
  'oversoak.role',
  'oversoak.platform',
] as const satisfies readonly Attribute[];
export const MESSAGE_ATTRIBUTES = [
  'messaging.system',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.message.id',
] as const satisfies readonly Attribute[];

/**
 * All spans. A span is exported when it ends, so a run of hours consists of short traces: the
 * submission of its soak; its launch from the queue to the start, linked to the submission; one per
 * interval and agent; its slowest echoes; its verdict, linked to the launch.
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
    attributes: RUN_SPAN_ATTRIBUTES,
    description:
      'from its turn in the queue until it has a gang; the first span of a launch trace, linked to soak.submit',
  },
  'run.prepare': {
    ...plane,
    kind: 'internal',
    attributes: RUN_SPAN_ATTRIBUTES,
    description: 'from the allocation of the gang until its last member has reported prepared',
  },
  'run.start': {
    ...plane,
    kind: 'internal',
    attributes: RUN_SPAN_ATTRIBUTES,
    description: 'from the last prepared report to the common start',
  },
  'run.verdict': {
    ...plane,
    kind: 'internal',
    attributes: [
      ...RUN_SPAN_ATTRIBUTES,
      'oversoak.schedule',
      'oversoak.platform',
      'oversoak.verdict',
      'oversoak.verdict.reason',
    ],
    description: 'the judgement of a run, from its last report; a separate trace',
  },
  'job.send': {
    ...both,
    kind: 'producer',
    attributes: [...PART_SPAN_ATTRIBUTES, ...MESSAGE_ATTRIBUTES],
    description: "a job is added to an agent's queue, or a report to the control plane's queue",
  },
  'job.process': {
    ...both,
    kind: 'consumer',
    attributes: [...PART_SPAN_ATTRIBUTES, ...MESSAGE_ATTRIBUTES, 'error.type'],
    description:
      'an agent processes a job, or the control plane a report; error.type: why it was refused',
  },
  'part.prepare': {
    ...agent,
    kind: 'internal',
    attributes: PART_SPAN_ATTRIBUTES,
    description: 'from the assignment until the host process is prepared',
  },
  'part.interval': {
    ...agent,
    kind: 'internal',
    attributes: [
      ...PART_SPAN_ATTRIBUTES,
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
    description: 'one interval of a run on one agent, with its figures; a separate trace',
  },
  'echo.slow': {
    ...agent,
    kind: 'internal',
    attributes: [
      ...PART_SPAN_ATTRIBUTES,
      'oversoak.echo.session',
      'oversoak.echo.sequence',
      'oversoak.echo.latency_us',
      'oversoak.stage.dominating',
    ],
    description:
      'one of the slowest echoes of an interval; a separate trace, with its stages as children',
  },
  'echo.stage': {
    ...agent,
    kind: 'internal',
    attributes: ['oversoak.stage'],
    description: 'a stage of a slow echo; the name includes the stage, e.g. "echo.stage queue"',
  },
  'http.request': {
    ...plane,
    kind: 'server',
    attributes: ['http.request.method', 'http.route', 'http.response.status_code', 'error.type'],
    description:
      'a request to the API, except event streams, /healthz and /readyz; its name is "METHOD route"',
  },
} as const satisfies Record<string, SpanSpec>;
export type SpanName = keyof typeof SPANS;
