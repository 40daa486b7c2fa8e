import { QUEUE_PREFIX, REPORTS_QUEUE } from '@oversoak/contracts';
import { DelayedError, type Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Driver } from '../run/driver.ts';
import { type ReportsParts, takeReport } from '../run/reports.ts';
import type { Dispatcher } from './dispatcher.ts';
import { DISPATCH_QUEUE, type DispatchJob } from './queues.ts';

/**
 * Every job is short. A control plane that dies with one in hand loses it after seconds, not after
 * BullMQ's half minute, for a run's deadline may hang on it.
 */
const SHORT_JOBS = {
  concurrency: 16,
  lockDuration: 5000,
  stalledInterval: 5000,
  maxStalledCount: 100,
} as const;
/**
 * A report that was taken goes at once: one of a night has megabytes, and one that comes again is
 * known by its run, epoch and kind.
 */
const TAKEN_REPORTS = { removeOnComplete: { count: 0 } };

export interface WorkersParts extends ReportsParts {
  connection: Redis;
  dispatcher: Pick<Dispatcher, 'pass'>;
  driver: Pick<Driver, 'apply'>;
  nowMs: () => Promise<number>;
  log: Log;
}

async function takeTimer(
  job: Job<DispatchJob>,
  timer: Extract<DispatchJob, { kind: 'timer' }>,
  token: string | undefined,
  { driver, nowMs }: WorkersParts,
): Promise<void> {
  const { runId, state, deadlineMs } = timer;
  // BullMQ delays by the clocks of the machines that add and take a job; deadlines are Redis time.
  const earlyMs = Math.ceil(deadlineMs - (await nowMs()));
  if (earlyMs > 0) {
    await job.moveToDelayed(Date.now() + earlyMs, token);
    throw new DelayedError();
  }
  await driver.apply(runId, { kind: 'timer', state, deadlineMs });
}

/** The control plane's consumers: its own short jobs, and the agents' reports. */
export function startWorkers(parts: WorkersParts): { close(): Promise<void> } {
  const { connection, dispatcher, log } = parts;
  const options = { connection, prefix: QUEUE_PREFIX, ...SHORT_JOBS };
  const dispatch = new Worker<DispatchJob>(
    DISPATCH_QUEUE,
    async (job, token) => {
      if (job.data.kind === 'timer') await takeTimer(job, job.data, token, parts);
      else await dispatcher.pass();
    },
    options,
  );
  const reports = new Worker<unknown>(
    REPORTS_QUEUE,
    async (job) => {
      await takeReport(job.data, parts);
    },
    { ...options, ...TAKEN_REPORTS },
  );
  const workers = [dispatch, reports];
  for (const worker of workers) {
    worker.on('error', (error) => log.error({ err: error, queue: worker.name }, 'worker error'));
    worker.on('failed', (job, error) =>
      log.error({ err: error, queue: worker.name, job: job?.id }, 'job failed'),
    );
  }
  return {
    close: async () => {
      // With Redis away there is no job whose end could be stored.
      const force = connection.status !== 'ready';
      await Promise.all(workers.map((worker) => worker.close(force)));
    },
  };
}

/** Reports whose processing failed are taken once more: their agents will not send them again. */
export async function retryFailedReports(connection: Redis): Promise<void> {
  const queue = new Queue(REPORTS_QUEUE, { connection, prefix: QUEUE_PREFIX });
  await queue.retryJobs({ state: 'failed' });
  await queue.close();
}
