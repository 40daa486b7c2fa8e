import {
  type AgentJob,
  agentQueue,
  MAX_SLOTS,
  type RunJob,
  type RunState,
  type SentJob,
} from '@oversoak/contracts';
import type { JobsOptions, Queue } from 'bullmq';
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

  /** `name` as in `jobIdOf`. */
  async send(agentId: string, job: RunJob, name: string): Promise<void> {
    const kept = { removeOnComplete: KEEP_SENT, removeOnFail: KEEP_FAILED };
    await this.#add(agentId, job, { jobId: jobIdOf(job, name), ...kept });
  }

  /**
   * As `send`, for what an agent provokes by its reports: it must not fill Redis with such jobs,
   * whether or not it takes them. An agent that gets an abort twice has no other state.
   */
  async sendAway(agentId: string, job: RunJob, name: string): Promise<void> {
    if ((await this.#agentQueue(agentId).getWaitingCount()) >= MAX_PROVOKED) return;
    const kept = { removeOnComplete: true, removeOnFail: true };
    await this.#add(agentId, job, { jobId: jobIdOf(job, name), ...kept });
  }

  /** Notifies an agent of requested probes, each time with a new job. */
  async probe(agentId: string): Promise<void> {
    const once = { removeOnComplete: true, removeOnFail: KEEP_FAILED };
    await this.#add(agentId, { kind: 'probe' }, once);
  }

  async #add(agentId: string, job: AgentJob, options: JobsOptions): Promise<void> {
    const sent = await this.#deps.signer.sign(agentId, job);
    await this.#agentQueue(agentId).add(job.kind, sent, options);
  }

  /** Removes the queue of a deleted agent together with its jobs. */
  async forget(agentId: string): Promise<void> {
    const queue = this.#agentQueue(agentId);
    await queue.obliterate({ force: true });
    this.#agents.delete(agentId);
    await queue.close();
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
