import { type KeyObject, sign } from 'node:crypto';
import {
  type Abort,
  type AgentJob,
  type Assign,
  type Endpoint,
  type Fault,
  FleetOptions,
  type FleetProtocol,
  type JobProof,
  type Phases,
  type RunAbout,
  type SentJob,
  ServerOptions,
  type Start,
  signedText,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';

/** A fraction of a second in all; the ramp-up and the warm-up have ended when it measures. */
export const SHORT: Phases = {
  rampUpSeconds: 0.1,
  warmUpSeconds: 0.1,
  measureSeconds: 0.4,
  drainSeconds: 0,
};

/** Of an agent that nobody has started; `Cluster.send` puts in that of the one it sends to. */
export const INCARNATION = 'incarnation-1';

const ABOUT: RunAbout = {
  soakName: 'jobs',
  cell: 'iocp.homo.10',
  notifier: 'iocp',
  layout: 'homo',
  sessions: 10,
  platform: 'windows',
  repeat: 1,
};

const fence = (runId: string, epoch: number) => ({ runId, epoch });
const SOON_MS = 10_000;

const SERVER = Value.Default(ServerOptions, {
  notifier: 'iocp',
  layout: 'homo',
}) as ServerOptions;
/** Without host and port, which a start brings. */
const FLEET = Value.Default(FleetOptions, {
  rampUpSeconds: 0.1,
  ratePerSecond: 1000,
}) as Omit<FleetOptions, 'host' | 'port' | 'pluginPath'>;

interface AssignOptions {
  epoch?: number;
  phases?: Phases;
  /** Of the dry engine. */
  behaviour?: number;
  deadlineMs?: number;
  fault?: Fault;
}

export function assignServer(runId: string, options: AssignOptions = {}): Assign {
  return {
    kind: 'assign',
    ...fence(runId, options.epoch ?? 1),
    incarnation: INCARNATION,
    soakId: 'soak-1',
    about: ABOUT,
    deadlineMs: options.deadlineMs ?? Date.now() + SOON_MS,
    phases: options.phases ?? SHORT,
    part: {
      role: 'server',
      options: {
        ...SERVER,
        backlog: options.behaviour ?? 1024,
        ...(options.fault === undefined ? {} : { fault: options.fault }),
      },
    },
  };
}

export function assignFleet(
  runId: string,
  options: AssignOptions & {
    sessions?: number;
    target?: Endpoint;
    protocol?: FleetProtocol;
  } = {},
): Assign {
  return {
    ...assignServer(runId, options),
    part: {
      role: 'fleet',
      options: {
        ...FLEET,
        sessions: options.sessions ?? 10,
        ...(options.protocol === undefined ? {} : { protocol: options.protocol }),
        seed: options.behaviour ?? 1,
      },
      ...(options.target === undefined ? {} : { target: options.target }),
    },
  };
}

export function start(
  runId: string,
  { epoch = 1, inMs = 50, endpoint = { host: '127.0.0.1', port: 40_000 } } = {},
): Start {
  return {
    kind: 'start',
    ...fence(runId, epoch),
    incarnation: INCARNATION,
    startAtMs: Date.now() + inMs,
    endpoint,
  };
}

export function abort(runId: string, epoch = 1): Abort {
  return { kind: 'abort', ...fence(runId, epoch), reason: 'cancelled' };
}

/** As the control plane signs it. */
export function signedJob(
  job: AgentJob,
  whom: Pick<JobProof, 'agentId' | 'expiresAtMs'>,
  key: KeyObject,
): SentJob {
  const signature = sign(null, Buffer.from(signedText(job, whom)), key).toString('base64url');
  return { ...job, proof: { ...whom, signature } };
}
