import { QUEUE_PREFIX } from '@oversoak/contracts';
import {
  DelayedError,
  type Job,
  type Processor,
  Queue,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';
import type { Pausable } from '../model/pausable.ts';

/**
 * Every job is short. If a control plane dies while it holds a job, the lock expires within seconds
 * instead of BullMQ's default of 30 s, because a run's deadline may depend on the job.
 */
const SHORT_JOBS = {
  concurrency: 16,
  lockDuration: 5000,
  stalledInterval: 5000,
  // A job that has ended two processes would end the next one too: it is marked as failed.
  maxStalledCount: 1,
  runRetryDelay: 1000,
} as const;

export interface QueueDeps {
  connection: Redis;
  log: Log;
}

export interface WorkerDeps extends QueueDeps {
  /** Whether Redis accepts writes; BullMQ itself would try again without a pause. */
  writes: { pauses(pausable: Pausable): void; readonly refusal: string | null };
}

export function openQueue<Data>(
  name: string,
  { connection, log }: QueueDeps,
  more: Partial<QueueOptions> = {},
): Queue<Data> {
  // Redis was found fit at the start; BullMQ would read all of INFO for the queue of each agent.
  const options = { connection, prefix: QUEUE_PREFIX, skipVersionCheck: true, ...more };
  const queue = new Queue<Data>(name, options);
  queue.on('error', (error) => log.error({ err: error, queue: name }, 'queue error'));
  return queue;
}

export function openWorker<Data>(
  name: string,
  process: Processor<Data>,
  { connection, log, writes }: WorkerDeps,
  more: Partial<WorkerOptions> = {},
): Worker<Data> {
  const options = { connection, prefix: QUEUE_PREFIX, ...SHORT_JOBS, ...more };
  const worker = new Worker<Data>(name, process, options);
  worker.on('error', (error) => log.error({ err: error, queue: name }, 'worker error'));
  writes.pauses({
    pause: () =>
      void worker.pause(true).catch((error: unknown) => worker.emit('error', error as Error)),
    resume: () =>
      void worker.resume().catch((error: unknown) => worker.emit('error', error as Error)),
  });
  worker.on('failed', (job, error) =>
    log.error({ err: error, queue: name, job: job?.id }, 'job failed'),
  );
  return worker;
}

/** While Redis is unavailable or refuses writes, no job can be completed: nothing to wait for. */
export async function closeWorkers(
  workers: readonly Pick<Worker, 'close'>[],
  { connection, writes }: Pick<WorkerDeps, 'connection' | 'writes'>,
): Promise<void> {
  const force = connection.status !== 'ready' || writes.refusal !== null;
  await Promise.all(workers.map((worker) => worker.close(force)));
}

/**
 * Delays a job again if it came early. BullMQ computes delays with the clocks of the producing and
 * consuming machines, while deadlines use Redis time. Throws DelayedError, as BullMQ requires.
 */
export async function notBefore(
  dueMs: number,
  nowMs: number,
  job: Pick<Job, 'moveToDelayed'>,
  token: string | undefined,
): Promise<void> {
  const earlyMs = Math.ceil(dueMs - nowMs);
  if (earlyMs <= 0) return;
  await job.moveToDelayed(Date.now() + earlyMs, token);
  throw new DelayedError();
}
