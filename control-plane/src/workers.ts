import { QUEUE_PREFIX, REPORTS_QUEUE } from '@oversoak/contracts';
import { type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { Log } from './model/log.ts';
import { DISPATCH_QUEUE } from './queue/names.ts';
import type { DispatchJob } from './queue/queues.ts';
import {
  closeWorkers,
  notBefore,
  openWorker,
  SET_ASIDE,
  type WorkerDeps,
} from './queue/short-jobs.ts';
import type { Driver } from './run/driver.ts';
import { type ReportsDeps, takeReport } from './run/reports.ts';
import type { ReportTraces } from './telemetry/report-traces.ts';

/**
 * A processed report is deleted at once: a night's report has megabytes, and a repeated report is
 * recognised by its run, epoch and kind.
 */
const TAKEN_REPORTS = { removeOnComplete: { count: 0 } };

export interface WorkersDeps extends ReportsDeps, Pick<WorkerDeps, 'writes'> {
  connection: Redis;
  dispatcher: Pick<Dispatcher, 'pass'>;
  reportTraces: Pick<ReportTraces, 'around'>;
  driver: Pick<Driver, 'apply'>;
  nowMs: () => Promise<number>;
  log: Log;
}

async function takeTimer(
  job: Job<DispatchJob>,
  timer: Extract<DispatchJob, { kind: 'timer' }>,
  token: string | undefined,
  { driver, nowMs }: WorkersDeps,
): Promise<void> {
  const { runId, state, deadlineMs } = timer;
  await notBefore(deadlineMs, await nowMs(), job, token);
  await driver.apply(runId, { kind: 'timer', state, deadlineMs });
}

/** The control plane's consumers: its own short jobs, and the agents' reports. */
export function startWorkers(deps: WorkersDeps): { close(): Promise<void> } {
  const { dispatcher, reportTraces } = deps;
  const dispatch = openWorker<DispatchJob>(
    DISPATCH_QUEUE,
    async (job, token) => {
      if (job.data.kind === 'timer') await takeTimer(job, job.data, token, deps);
      else await dispatcher.pass();
    },
    deps,
  );
  const takeOne = async (job: Job<unknown>) => {
    await reportTraces.around(job, () => takeReport(job.data, deps));
  };
  const reports = openWorker(REPORTS_QUEUE, takeOne, deps, TAKEN_REPORTS);
  return { close: () => closeWorkers([dispatch, reports], deps) };
}

/** Failed reports that are in memory together; one has megabytes. */
const AT_ONCE = 8;

/**
 * Reports whose processing failed are taken once more: their agents will not send them again. Those
 * that ended processes stay where they are.
 */
export async function retryFailedReports(connection: Redis): Promise<void> {
  const queue = new Queue(REPORTS_QUEUE, { connection, prefix: QUEUE_PREFIX });
  let aside = 0;
  for (;;) {
    const jobs = await queue.getFailed(aside, aside + AT_ONCE - 1);
    if (jobs.length === 0) break;
    for (const job of jobs) {
      if (job.failedReason === SET_ASIDE) aside += 1;
      else await job.retry('failed');
    }
  }
  await queue.close();
}
