import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { type AgentJob, JobProof, schemaProblems, signedText } from '@oversoak/contracts';
import { expiryOf, JobSigner } from '../../src/queue/job-signer.ts';

const NOW_MS = 5_000.5;
const ABORT: AgentJob = { kind: 'abort', runId: 'run-1', epoch: 1, reason: 'made' };
const DAY_MS = 86_400_000;

test('an assignment expires with its deadline, everything else a day after it was sent', () => {
  const assign = { kind: 'assign', deadlineMs: 7_000 } as AgentJob;
  assert.equal(expiryOf(assign, NOW_MS), 7_000);
  assert.equal(expiryOf(ABORT, NOW_MS), 5_000 + DAY_MS);
});

test('a job is signed over all of it, for one agent', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = new JobSigner({ privateKey: async () => privateKey, nowMs: async () => NOW_MS });
  const { proof, ...job } = await signer.sign('agent-1', ABORT);
  assert.deepEqual(job, ABORT);
  assert.deepEqual(schemaProblems(JobProof, proof), []);
  assert.equal(proof.agentId, 'agent-1');
  const isSigned = (text: string) =>
    verify(null, Buffer.from(text), publicKey, Buffer.from(proof.signature, 'base64url'));
  assert.ok(isSigned(signedText(ABORT, proof)));
  assert.ok(!isSigned(signedText({ ...ABORT, epoch: 2 }, proof)));
  assert.ok(!isSigned(signedText(ABORT, { ...proof, agentId: 'agent-2' })));
});
