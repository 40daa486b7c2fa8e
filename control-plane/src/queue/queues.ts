import {
  type AgentJob,
  agentQueue,
  MAX_SLOTS,
  QUEUE_PREFIX,
  type RunJob,
  type RunState,
  type SentJob,
} from '@oversoak/contracts';
import type { JobsOptions, Queue } from 'bullmq';
import { UnusableAgentKeys, withKeysOf } from '../model/agent-keys.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { JobSigner } from './job-signer.ts';
import { DISPATCH_QUEUE } from './names.ts';
import { openQueue, type QueueDeps } from './short-jobs.ts';

/** Jobs that the control plane sends to itself. */
export type DispatchJob =
  | { kind: 'dispatch' }
  | { kind: 'timer'; runId: string; state: RunState; deadlineMs: number };

/**
 * Completed agent jobs are kept for a while, so that BullMQ recognises a repeated job by its id and
 * does not deliver it twice.
 */
const KEEP_SENT = { age: 3600, count: 1000 };
const KEEP_FAILED = { count: 1000 };
/** Twice the slots of the largest agent: it may report each part once more before it knows. */
const MAX_PROVOKED = 2 * MAX_SLOTS;
/** Keys of one step through all that Redis has. */
const KEYS_SCANNED = 1000;

/** `name` distinguishes jobs of one kind, run and epoch for the same agent. */
export function jobIdOf({ runId, epoch }: RunJob, name: string): string {
  return `${name}-${runId}-${epoch}`;
}

export interface QueuesDeps extends QueueDeps {
  signer: Pick<JobSigner, 'sign'>;
}

/** All BullMQ producers of the control plane. Job ids are derived from the job's subject. */
export class Queues {
  readonly #deps: QueuesDeps;
  readonly #dispatch: Queue<DispatchJob>;
  readonly #agents = new Map<string, Queue<SentJob>>();

  constructor(deps: QueuesDeps) {
    this.#deps = deps;
    this.#dispatch = openQueue<DispatchJob>(DISPATCH_QUEUE, deps);
  }

  async dispatch(cause: string): Promise<void> {
    const options = { jobId: `dispatch-${cause}`, removeOnComplete: true, removeOnFail: true };
    await this.#dispatch.add('dispatch', { kind: 'dispatch' }, options);
  }

  async timer(run: RunRecord, atMs: number, nowMs: number): Promise<void> {
    const { runId, epoch, state } = run;
    await this.#dispatch.add(
      'timer',
      { kind: 'timer', runId, state, deadlineMs: atMs },
      {
        jobId: `timer-${runId}-${epoch}-${state}-${atMs}`,
        delay: Math.max(0, Math.ceil(atMs - nowMs)),
        removeOnComplete: true,
        removeOnFail: true,
      },
    );
  }

  /** `name` as in `jobIdOf`. Throws UnusableAgentKeys. */
  async send(agentId: string, job: RunJob, name: string): Promise<void> {
    const kept = { removeOnComplete: KEEP_SENT, removeOnFail: KEEP_FAILED };
    await this.#add(agentId, job, { jobId: jobIdOf(job, name), ...kept });
  }

  /**
   * As `send`, for what an agent provokes by its reports: it must not fill Redis with such jobs,
   * whether or not it takes them. An agent that gets an abort twice has no other state.
   */
  async sendAway(agentId: string, job: RunJob, name: string): Promise<void> {
    const kept = { removeOnComplete: true, removeOnFail: true };
    try {
      const waiting = this.#agentQueue(agentId).getWaitingCount();
      if ((await withKeysOf(agentId, waiting)) >= MAX_PROVOKED) return;
      await this.#add(agentId, job, { jobId: jobIdOf(job, name), ...kept });
    } catch (error) {
      if (!(error instanceof UnusableAgentKeys)) throw error;
      this.#deps.log.warn({ agentId, err: error }, 'an agent cannot be sent away');
    }
  }

  /** Notifies an agent of requested probes, each time with a new job. Throws UnusableAgentKeys. */
  async probe(agentId: string): Promise<void> {
    const once = { removeOnComplete: true, removeOnFail: KEEP_FAILED };
    await this.#add(agentId, { kind: 'probe' }, once);
  }

  async #add(agentId: string, job: AgentJob, options: JobsOptions): Promise<void> {
    const sent = await this.#deps.signer.sign(agentId, job);
    await withKeysOf(agentId, this.#agentQueue(agentId).add(job.kind, sent, options));
  }

  /**
   * Removes the queues of deleted agents: each key that such an agent may write there, of whatever
   * type. BullMQ would delete what is a queue.
   */
  async forget(agentIds: readonly string[]): Promise<void> {
    if (agentIds.length === 0) return;
    const { connection } = this.#deps;
    const prefixes = new Set(agentIds.map((agentId) => `${QUEUE_PREFIX}:${agentQueue(agentId)}`));
    const queues = agentIds.flatMap((agentId) => this.#agents.get(agentId) ?? []);
    for (const agentId of agentIds) this.#agents.delete(agentId);
    await Promise.all(queues.map((queue) => queue.close()));
    // Once through all keys, however many agents there are.
    const match = `${QUEUE_PREFIX}:${agentQueue('*')}:*`;
    for await (const keys of connection.scanStream({ match, count: KEYS_SCANNED })) {
      const own = (keys as string[]).filter((key) => prefixes.has(key.split(':', 2).join(':')));
      if (own.length > 0) await connection.unlink(...own);
    }
  }

  #agentQueue(agentId: string): Queue<SentJob> {
    const known = this.#agents.get(agentId);
    if (known !== undefined) return known;
    const queue = openQueue<SentJob>(agentQueue(agentId), this.#deps);
    this.#agents.set(agentId, queue);
    return queue;
  }

  async close(): Promise<void> {
    await Promise.all([this.#dispatch, ...this.#agents.values()].map((queue) => queue.close()));
  }
}
