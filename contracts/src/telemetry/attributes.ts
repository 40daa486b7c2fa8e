import { PLATFORMS } from '../cluster/agent.ts';
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
  'oversoak.run.epoch': { type: 'int', description: 'of the gang allocation' },
  'oversoak.run.repeat': { type: 'int', description: 'counted from 1' },
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
  'oversoak.role': { type: 'string', description: 'part in the gang', values: ROLES },
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
  'oversoak.cause': {
    type: 'string',
    description: 'why a message that was due never left',
    values: UNSENT_CAUSE_NAMES,
  },
  'oversoak.stage': {
    type: 'string',
    description:
      'stage of an echo. Spans show network+wake half before and half after the server ("return"), for no clock is shared that could tell them apart',
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
