import type { Abort, Assign, Phases, Start } from '@oversoak/contracts';

/** A fraction of a second in all; the ramp-up and the warm-up have ended when it measures. */
export const SHORT: Phases = {
  rampUpSeconds: 0.1,
  warmUpSeconds: 0.1,
  measureSeconds: 0.4,
  drainSeconds: 0,
};

const fence = (runId: string, epoch: number) => ({ runId, epoch });
const SOON_MS = 10_000;

interface AssignOptions {
  epoch?: number;
  phases?: Phases;
  /** Of the dry engine. */
  behaviour?: number;
  deadlineMs?: number;
}

export function assignServer(runId: string, options: AssignOptions = {}): Assign {
  return {
    kind: 'assign',
    ...fence(runId, options.epoch ?? 1),
    soakId: 'soak-1',
    deadlineMs: options.deadlineMs ?? Date.now() + SOON_MS,
    phases: options.phases ?? SHORT,
    part: {
      role: 'server',
      options: {
        notifier: 'iocp',
        layout: 'homo',
        host: '0.0.0.0',
        port: 0,
        backlog: options.behaviour ?? 1024,
        ioThreads: 1,
        maxFrameBytes: 4096,
        sendQueueBytes: 262_144,
        iocp: { skipCompletionPortOnSuccess: true, inlineRounds: 8 },
      },
    },
  };
}

export function assignFleet(
  runId: string,
  options: AssignOptions & { sessions?: number } = {},
): Assign {
  return {
    ...assignServer(runId, options),
    part: {
      role: 'fleet',
      options: {
        sessions: options.sessions ?? 10,
        threads: 1,
        rampUpSeconds: 0.1,
        minFrameBytes: 64,
        maxFrameBytes: 256,
        pacing: 'constant',
        ratePerSecond: 1000,
        loopDelayMs: 0,
        overSend: 1,
        echoTimeoutMs: 5000,
        disconnectsPerSecond: 0,
        seed: options.behaviour ?? 1,
      },
    },
  };
}

export function start(runId: string, { epoch = 1, inMs = 50 } = {}): Start {
  return {
    kind: 'start',
    ...fence(runId, epoch),
    startAtMs: Date.now() + inMs,
    endpoint: { host: '127.0.0.1', port: 40_000 },
  };
}

export function abort(runId: string, epoch = 1): Abort {
  return { kind: 'abort', ...fence(runId, epoch), reason: 'cancelled' };
}
