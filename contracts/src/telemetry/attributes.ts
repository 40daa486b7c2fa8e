import { SYSTEMS } from '../cluster/agent.ts';
import { ERROR_CLASSES } from '../figures/error-classes.ts';
import { DRIFT_METRICS } from '../figures/evidence.ts';
import { UNSENT_CAUSE_NAMES } from '../figures/load.ts';
import { STAGE_NAMES } from '../figures/stages.ts';
import { LAYOUTS, NOTIFIERS } from '../options/matrix.ts';
import { VERDICTS } from '../results/run.ts';
import { ROLES } from '../values/role.ts';

/** All attributes of spans and metrics. `values`: all possible values, where they are known. */
export const ATTRIBUTES = {
  'oversoak.soak.id': { type: 'string', description: 'the soak' },
  'oversoak.soak.name': { type: 'string', description: 'name in its spec' },
  'oversoak.run.id': { type: 'string', description: 'the run: one execution of one cell' },
  'oversoak.run.epoch': { type: 'int', description: 'number of the gang allocation' },
  'oversoak.run.repeat': { type: 'int', description: 'counted from 1' },
  'oversoak.cell': { type: 'string', description: 'key of the cell, e.g. iocp.homo.100' },
  'oversoak.notifier': {
    type: 'string',
    description:
      'notification model of the server; "target" for a server that oversoak did not start',
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
      'of an agent; draining: it gets no more runs, whether it is live or not; stopped: it was shut down; lost: its lease expired',
    values: ['idle', 'busy', 'draining', 'stopped', 'lost'],
  },
  'oversoak.role': { type: 'string', description: 'role in the gang', values: ROLES },
  'oversoak.platform': {
    type: 'string',
    description:
      "of a run: the server's, or the fleet's where the server is a target; wine: correctness and relative cost, never Windows performance",
    values: SYSTEMS,
  },
  'oversoak.schedule': {
    type: 'string',
    description: "the schedule that submitted the soak; on a verdict's span empty if a user did",
  },
  'oversoak.verdict': { type: 'string', description: 'of a run or soak', values: VERDICTS },
  'oversoak.verdict.reason': { type: 'string', description: 'the first of its reasons' },
  'oversoak.latency.from': {
    type: 'string',
    description: 'the send time that a latency counts from',
    values: ['intended', 'actual'],
  },
  'oversoak.cause': {
    type: 'string',
    description: 'why a message that was due never left',
    values: UNSENT_CAUSE_NAMES,
  },
  'oversoak.stage': {
    type: 'string',
    description:
      'stage of an echo. Spans show half of network+wake before the server and half after it ("return"), because no shared clock could separate them',
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
  'oversoak.cpu.mode': {
    type: 'string',
    description: 'mode of the CPU time',
    values: ['user', 'kernel'],
  },
  'oversoak.queue': {
    type: 'string',
    description: 'queue of the control plane; "agents": all agent queues together',
    values: ['soak-ticks', 'run-dispatch', 'run-reports', 'webhooks', 'agents', 'soaks'],
  },
  'oversoak.interval.seconds': { type: 'double', description: 'length of an interval' },
  'oversoak.interval.sent': { type: 'int', description: 'messages sent in the interval' },
  'oversoak.interval.echoed': { type: 'int', description: 'echoes that came back in the interval' },
  'oversoak.interval.errors': { type: 'int', description: 'errors of all classes in the interval' },
  'oversoak.interval.p50_us': {
    type: 'double',
    description: 'median latency from the intended send time',
  },
  'oversoak.interval.p99_us': {
    type: 'double',
    description: '99th percentile of the latency from the intended send time',
  },
  'oversoak.interval.max_us': {
    type: 'double',
    description: 'largest latency from the intended send time',
  },
  'oversoak.interval.working_set_bytes': {
    type: 'int',
    description: 'resident memory of the host process at the end of the interval',
  },
  'oversoak.interval.queue_depth': {
    type: 'double',
    description: 'mean number of messages that waited',
  },
  'oversoak.drift.metric': {
    type: 'string',
    description: 'figure to which the drift belongs',
    values: DRIFT_METRICS,
  },
  'oversoak.drift.estimate': {
    type: 'string',
    description: 'the slope, or an end of its 95 % confidence interval',
    values: ['slope', 'low', 'high'],
  },
  'oversoak.echo.session': { type: 'int', description: 'number of the session in its fleet' },
  'oversoak.echo.sequence': { type: 'int', description: 'number of the message in its session' },
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

/** Attributes of every metric of a run; `oversoak.run.id` is added if the agent is so configured. */
export const RUN_ATTRIBUTES = [
  'oversoak.soak.id',
  'oversoak.soak.name',
  'oversoak.schedule',
  'oversoak.cell',
  'oversoak.notifier',
  'oversoak.layout',
  'oversoak.sessions',
  'oversoak.agent.id',
  'oversoak.platform',
] as const satisfies readonly Attribute[];
