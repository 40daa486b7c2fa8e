import { QUEUE_PREFIX, REPORTS_QUEUE } from '@oversoak/contracts';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import type { Driver } from '../run/driver.ts';
import { type ReportsParts, takeReport } from '../run/reports.ts';
import type { Dispatcher } from './dispatcher.ts';
import { DISPATCH_QUEUE, type DispatchJob } from './queues.ts';
import { closeWorkers, notBefore, openWorker } from './short-jobs.ts';

const KEEP_REPORTS = { removeOnComplete: { age: 3600, count: 10_000 } };

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
  await notBefore(deadlineMs, await nowMs(), job, token);
  await driver.apply(runId, { kind: 'timer', state, deadlineMs });
}

/** The control plane's consumers: its own short jobs, and the agents' reports. */
export function startWorkers(parts: WorkersParts): { close(): Promise<void> } {
  const { dispatcher } = parts;
  const dispatch = openWorker<DispatchJob>(
    DISPATCH_QUEUE,
    async (job, token) => {
      if (job.data.kind === 'timer') await takeTimer(job, job.data, token, parts);
      else await dispatcher.pass();
    },
    parts,
  );
  const takeOne = async (job: Job<unknown>) => {
    await takeReport(job.data, parts);
  };
  const reports = openWorker(REPORTS_QUEUE, takeOne, parts, KEEP_REPORTS);
  return { close: () => closeWorkers([dispatch, reports], parts.connection) };
}

/** Reports whose processing failed are taken once more: their agents will not send them again. */
export async function retryFailedReports(connection: Redis): Promise<void> {
  const queue = new Queue(REPORTS_QUEUE, { connection, prefix: QUEUE_PREFIX });
  await queue.retryJobs({ state: 'failed' });
  await queue.close();
}
