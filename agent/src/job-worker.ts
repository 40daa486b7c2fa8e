import { AgentJob, agentQueue, QUEUE_PREFIX, schemaProblems } from '@oversoak/contracts';
import { UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { ANY_JOB, type JobCheck } from './identity/job-check.ts';
import { log, messageOf } from './log/log.ts';
import type { RequestedProbes } from './probes/requested-probes.ts';
import type { Assignments } from './slots/assignments.ts';
import type { AgentTelemetry } from './telemetry/agent-telemetry.ts';

/** @throws UnrecoverableError that names the first problem: a retry would not help */
export function readJob(data: unknown, check: JobCheck = ANY_JOB): AgentJob {
  const { job, proof } = parted(data);
  const [problem] = schemaProblems(AgentJob, job);
  if (problem !== undefined) {
    throw new UnrecoverableError(
      `not a job of an agent: ${problem.pointer || '/'} ${problem.detail}`,
    );
  }
  const refusal = check(job as AgentJob, proof);
  if (refusal === null) return job as AgentJob;
  throw new UnrecoverableError(`the job is refused: ${refusal}`);
}

/** The proof is no part of what it proves. */
function parted(data: unknown): { job: unknown; proof: unknown } {
  if (typeof data !== 'object' || data === null) return { job: data, proof: undefined };
  const { proof, ...job } = data as { proof?: unknown };
  return { job, proof };
}

/** Maximum time for one blocking fetch of a job, in seconds. */
const JOB_WAIT_SECONDS = 1;

/**
 * Timings for jobs that must arrive within seconds, because an abort may be among them.
 * A job whose fetch was interrupted (Redis's reply was lost, the agent was frozen) counts as
 * stalled and is delivered again. After a silent network failure, Redis still holds a dead
 * connection that waits for a job and would consume the next wake-up. A short wait limits that
 * delay to less than a start may be late.
 */
const SHORT_JOBS = {
  lockDuration: 5_000,
  stalledInterval: 5_000,
  maxStalledCount: 100,
  drainDelay: JOB_WAIT_SECONDS,
  runRetryDelay: 1_000,
};

/** Processes the agent's jobs one at a time; each takes little time. */
export function jobWorker(
  agentId: string,
  connection: Redis,
  assignments: Pick<Assignments, 'handle' | 'assignOf'>,
  probes: Pick<RequestedProbes, 'look'>,
  telemetry: AgentTelemetry,
  check: JobCheck,
): Worker {
  const worker = new Worker(
    agentQueue(agentId),
    async ({ id = '', data }) => {
      const job = readJob(data, check);
      if (job.kind === 'probe') return probes.look();
      const assignOf = (runId: string) => assignments.assignOf(runId);
      const take = (trace: string | undefined) => assignments.handle(job, trace);
      await telemetry.process({ id, job }, assignOf, take);
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      ...SHORT_JOBS,
      // Kept for a day, so that a job that is added again under the same id is recognised as done.
      removeOnComplete: { age: 86_400, count: 1_000 },
      removeOnFail: { age: 604_800, count: 1_000 },
    },
  );
  worker.on('failed', (job, error) =>
    log('error', 'a job failed', { job: job?.id, reason: messageOf(error) }),
  );
  // The Redis client already logs that Redis is unreachable; log only other errors.
  worker.on('error', (error) => {
    if (connection.status === 'ready')
      log('warn', 'the job worker reported an error', { reason: messageOf(error) });
  });
  return worker;
}
