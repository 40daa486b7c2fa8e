import { QUEUE_PREFIX } from '@oversoak/contracts';
import { DelayedError, type Job, type Processor, Queue, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../model/log.ts';

/**
 * Every job is short. A control plane that dies with one in hand loses it after seconds, not after
 * BullMQ's half minute, for a run's deadline may hang on it.
 */
const SHORT_JOBS = {
  concurrency: 16,
  lockDuration: 5000,
  stalledInterval: 5000,
  maxStalledCount: 100,
  runRetryDelay: 1000,
} as const;

export interface QueueDeps {
  connection: Redis;
  log: Log;
}

export function openQueue<Data>(name: string, { connection, log }: QueueDeps): Queue<Data> {
  const queue = new Queue<Data>(name, { connection, prefix: QUEUE_PREFIX });
  queue.on('error', (error) => log.error({ err: error, queue: name }, 'queue error'));
  return queue;
}

export function openWorker<Data>(
  name: string,
  process: Processor<Data>,
  { connection, log }: QueueDeps,
  more: Partial<WorkerOptions> = {},
): Worker<Data> {
  const options = { connection, prefix: QUEUE_PREFIX, ...SHORT_JOBS, ...more };
  const worker = new Worker<Data>(name, process, options);
  worker.on('error', (error) => log.error({ err: error, queue: name }, 'worker error'));
  worker.on('failed', (job, error) =>
    log.error({ err: error, queue: name, job: job?.id }, 'job failed'),
  );
  return worker;
}

/** With Redis away there is no job whose end could be stored. */
export async function closeWorkers(
  workers: readonly Pick<Worker, 'close'>[],
  connection: Redis,
): Promise<void> {
  const force = connection.status !== 'ready';
  await Promise.all(workers.map((worker) => worker.close(force)));
}

/**
 * Sends a job back that came before its time: BullMQ delays by the clocks of the machines that add
 * and take it, and what it is for goes by Redis time. Throws DelayedError, which BullMQ wants then.
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
