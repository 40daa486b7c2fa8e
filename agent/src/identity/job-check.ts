import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  type AgentIdentity,
  type AgentJob,
  JobProof,
  schemaProblems,
  signedText,
} from '@oversoak/contracts';

/** Why a job may not be taken; null: it may. `proof`: what lies beside it in the queue. */
export type JobCheck = (job: AgentJob, proof: unknown) => string | null;

/** Of an agent without an identity, which trusts whoever has the password of Redis. */
export const ANY_JOB: JobCheck = () => null;

/** @throws Error when the identity's key is none */
export function readJobKey(text: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`the key for jobs is ${key.asymmetricKeyType}, not ed25519`);
}

/**
 * Of an agent with an identity: the control plane signed the job, for this agent, and not too long
 * ago. Its process (incarnation) and the epoch are in what is signed; `admit` compares them.
 */
export function signedJobs(
  { agentId, jobKey }: Pick<AgentIdentity, 'agentId' | 'jobKey'>,
  nowMs: () => number,
): JobCheck {
  const key = readJobKey(jobKey);
  return (job, proof) => {
    if (schemaProblems(JobProof, proof).length > 0) return 'it is not signed';
    const shown = proof as JobProof;
    const text = Buffer.from(signedText(job, shown));
    if (!verify(null, text, key, Buffer.from(shown.signature, 'base64url'))) {
      return 'the control plane did not sign it';
    }
    if (shown.agentId !== agentId) return `it is for the agent "${shown.agentId}"`;
    const lateMs = nowMs() - shown.expiresAtMs;
    return lateMs > 0 ? `it expired ${Math.ceil(lateMs / 1000)} s ago` : null;
  };
}
