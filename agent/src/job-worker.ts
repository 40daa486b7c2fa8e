import { AgentJob, agentQueue, QUEUE_PREFIX, schemaProblems } from '@oversoak/contracts';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { log, messageOf } from './log/log.ts';
import type { RequestedProbes } from './probes/requested-probes.ts';
import type { Assignments } from './slots/assignments.ts';
import type { AgentTelemetry } from './telemetry/agent-telemetry.ts';

/** @throws UnrecoverableError that names the first thing wrong: repeating it would not help. */
export function readJob(data: unknown): AgentJob {
  const [problem] = schemaProblems(AgentJob, data);
  if (problem === undefined) return data as AgentJob;
  throw new UnrecoverableError(
    `not a job of an agent: ${problem.pointer || '/'} ${problem.detail}`,
  );
}

/** The longest wait for a job in one command, in seconds. */
const JOB_WAIT_SECONDS = 1;

/**
 * A job whose taking was cut off (the answer of Redis was lost, the agent was frozen) comes again
 * after seconds: an abort may be waited for. And where the network went silent, Redis still has a
 * connection that waits for a job and takes the next wake-up with it; a short wait bounds what a
 * start can lose by that to less than it may be late.
 */
const SHORT_JOBS = {
  lockDuration: 5_000,
  stalledInterval: 5_000,
  maxStalledCount: 100,
  drainDelay: JOB_WAIT_SECONDS,
  runRetryDelay: 1_000,
};

/** Takes the agent's jobs one after the other; each is short. */
export function jobWorker(
  agentId: string,
  connection: Redis,
  assignments: Pick<Assignments, 'handle' | 'assignOf'>,
  probes: Pick<RequestedProbes, 'look'>,
  telemetry: AgentTelemetry,
): Worker {
  const worker = new Worker(
    agentQueue(agentId),
    async ({ id = '', data }) => {
      const job = readJob(data);
      if (job.kind === 'probe') return probes.look();
      const assignOf = (runId: string) => assignments.assignOf(runId);
      const take = (trace: string | undefined) => assignments.handle(job, trace);
      await telemetry.process({ id, job }, assignOf, take);
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      ...SHORT_JOBS,
      // Kept for a while, so that a job that is added again under its id is known to be done.
      removeOnComplete: { age: 86_400, count: 1_000 },
      removeOnFail: { age: 604_800, count: 1_000 },
    },
  );
  worker.on('failed', (job, error) =>
    log('error', 'a job failed', { job: job?.id, reason: messageOf(error) }),
  );
  // The client logs that Redis is away; only what is not that is news.
  worker.on('error', (error) => {
    if (connection.status === 'ready') log('warn', 'the worker', { reason: messageOf(error) });
  });
  return worker;
}
