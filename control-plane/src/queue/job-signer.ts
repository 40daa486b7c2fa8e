import { type KeyObject, sign } from 'node:crypto';
import { type AgentJob, type JobProof, type SentJob, signedText } from '@oversoak/contracts';

/**
 * Of jobs that have no deadline of their own. An abort may reach an agent that was cut off for a
 * night, and a start that comes late is the slot's to refuse.
 */
const VALID_MS = 86_400_000;

/** Pure: until when a job may be taken, in Redis time. */
export function expiryOf(job: AgentJob, nowMs: number): number {
  return job.kind === 'assign' ? job.deadlineMs : Math.floor(nowMs) + VALID_MS;
}

/** Pure. */
export function signedJob(
  job: AgentJob,
  whom: Pick<JobProof, 'agentId' | 'expiresAtMs'>,
  key: KeyObject,
): SentJob {
  const signature = sign(null, Buffer.from(signedText(job, whom)), key).toString('base64url');
  return { ...job, proof: { ...whom, signature } };
}

export interface JobSignerDeps {
  privateKey: () => Promise<KeyObject>;
  /** Redis time. */
  nowMs: () => Promise<number>;
}

/** Signs what goes into the queues of agents. */
export class JobSigner {
  readonly #deps: JobSignerDeps;

  constructor(deps: JobSignerDeps) {
    this.#deps = deps;
  }

  async sign(agentId: string, job: AgentJob): Promise<SentJob> {
    const { privateKey, nowMs } = this.#deps;
    const expiresAtMs = expiryOf(job, job.kind === 'assign' ? 0 : await nowMs());
    return signedJob(job, { agentId, expiresAtMs }, await privateKey());
  }
}
