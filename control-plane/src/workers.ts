import { BOUNDS, reportsKey, samplesKey } from '@oversoak/contracts';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Dispatcher } from './dispatch/dispatcher.ts';
import type { Log } from './model/log.ts';
import { AgentStreams } from './queue/agent-streams.ts';
import { DISPATCH_QUEUE } from './queue/names.ts';
import type { DispatchJob } from './queue/queues.ts';
import { closeWorkers, notBefore, openWorker, type WorkerDeps } from './queue/short-jobs.ts';
import type { Driver } from './run/driver.ts';
import { type ReportsDeps, readReport, takeReport } from './run/report-intake.ts';
import { SampleIntake } from './run/sample-intake.ts';
import { AgentEntries } from './store/agent-entries.ts';
import type { Agents } from './store/agents.ts';
import { Runs } from './store/runs.ts';
import { appendedMs } from './store/stream-entry.ts';
import type { ReportTraces } from './telemetry/report-traces.ts';

/**
 * A report of a night has megabytes; a sample has two kilobytes, and comes each second. Most of the
 * time that a report takes is waiting: for Redis, and for the jobs that follow from it to be sent. So
 * many are in progress: with 16 at a time, those of two thousand agents waited for half a minute, at
 * half a core. Their bytes bound what is in memory.
 */
const REPORTS_OF_A_READ = { streams: 256, entries: 1, bytes: BOUNDS.entriesHeld.bytes };
const SAMPLES_OF_A_READ = { streams: 128, entries: 100, bytes: BOUNDS.entriesHeld.bytes };

export interface WorkersDeps extends ReportsDeps, Pick<WorkerDeps, 'writes'> {
  redis: Redis;
  connection: Redis;
  agents: Pick<Agents, 'ids'>;
  runs: ReportsDeps['runs'] & Pick<Runs, 'keepDeadLetter'>;
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

/** The control plane's consumers: its own short jobs, and the agents' reports and samples. */
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
  const { redis, log, writes } = deps;
  const ofAgents = { redis, log, writes, agentIds: () => deps.agents.ids() };
  // Their answers are large, and would delay those of everything else, and of each other.
  const [reading, sampling] = [redis.duplicate(), redis.duplicate()];
  for (const each of [reading, sampling]) {
    each.on('error', (error) => log.error({ err: error }, 'reading agents'));
  }
  const reports = new AgentStreams({
    ...ofAgents,
    entries: new AgentEntries(reading, { field: 'report', textBytes: BOUNDS.report.bytes }),
    keyOf: reportsKey,
    read: REPORTS_OF_A_READ,
    take: async ({ agentId, id, text, readAfterMs: readMs }) => {
      const data = readReport(text);
      let decidedMs = 0;
      const decided = () => {
        decidedMs = performance.now();
      };
      await reportTraces.around({ id, data }, () => takeReport(agentId, data, deps, decided));
      // A refused report is decided about, and then there is nothing to store.
      const storedMs = decidedMs === 0 ? 0 : performance.now() - decidedMs;
      const sinceSentMs = (await deps.nowMs()) - appendedMs(id);
      const handledMs = Math.max(0, sinceSentMs - readMs - storedMs);
      log.debug({ agentId, id, sinceSentMs, readMs, handledMs, storedMs }, 'report processed');
    },
    giveUp: async ({ agentId, id, text }) => {
      log.error(
        { agentId, id },
        'a report could not be processed and was moved to the dead letters',
      );
      await deps.runs.keepDeadLetter(agentId, text);
    },
  });
  const intake = new SampleIntake({ runs: new Runs(sampling), nowMs: deps.nowMs });
  const samples = new AgentStreams({
    ...ofAgents,
    entries: new AgentEntries(sampling, { field: 'sample', textBytes: BOUNDS.sample.bytes }),
    keyOf: samplesKey,
    read: SAMPLES_OF_A_READ,
    // Those of a run are all added in one script, in the order in which they were read.
    takesTogether: true,
    take: ({ agentId, text }) => intake.take(agentId, text),
    giveUp: () => deps.runs.refuseReport('sample-dead-letter'),
  });
  return {
    close: async () => {
      // Commands that wait for an unreachable Redis would block the stop.
      for (const each of [reading, sampling]) if (each.status !== 'ready') each.disconnect();
      await Promise.all([closeWorkers([dispatch], deps), reports.close(), samples.close()]);
      for (const each of [reading, sampling]) each.disconnect();
    },
  };
}
