import { type Static, Type } from 'typebox';
import { AGENT_ID_PATTERN } from './agent.ts';
import type { AgentJob } from './assignment.ts';

const closed = { additionalProperties: false } as const;

/** Beside a job in an agent's queue: who it is for, until when, and the control plane's signature. */
export const JobProof = Type.Object(
  {
    agentId: Type.String({ pattern: AGENT_ID_PATTERN }),
    expiresAtMs: Type.Integer({ description: 'Redis time' }),
    signature: Type.String({
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: 'Ed25519 over `signedText`, base64url',
    }),
  },
  closed,
);
export type JobProof = Static<typeof JobProof>;

/** A job as it lies in the queue of an agent. */
export type SentJob = AgentJob & { proof: JobProof };

/** What no signature of another purpose may stand for. */
const PURPOSE = 'oversoak job 1';

/**
 * What is signed of a job: all of it, so also its epoch, incarnation, address and port. Both sides
 * make this text from JSON, and JSON that was parsed is written again as it was, key by key.
 */
export function signedText(
  job: AgentJob,
  { agentId, expiresAtMs }: Pick<JobProof, 'agentId' | 'expiresAtMs'>,
): string {
  return JSON.stringify([PURPOSE, agentId, expiresAtMs, job]);
}
