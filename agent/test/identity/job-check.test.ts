import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import type { AgentJob, SentJob } from '@oversoak/contracts';
import { readJobKey, signedJobs } from '../../src/identity/job-check.ts';
import { readJob } from '../../src/job-worker.ts';
import { abort, assignFleet, signedJob, start } from '../jobs.ts';

const NOW_MS = 1_000_000;
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const jobKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64url');
const check = signedJobs({ agentId: 'agent-1', jobKey }, () => NOW_MS);

const WHOM = { agentId: 'agent-1', expiresAtMs: NOW_MS };
const JOBS: AgentJob[] = [
  assignFleet('run-a', { target: { host: '10.0.0.1', port: 7000 } }),
  start('run-a', { epoch: 2 }),
  abort('run-a'),
  { kind: 'probe' },
];

/** As BullMQ stores it and gives it back. */
const stored = (job: SentJob) => JSON.parse(JSON.stringify(job)) as SentJob;
const refusal = ({ proof, ...job }: SentJob) => check(job as AgentJob, proof);

describe('the jobs of an agent with an identity', () => {
  it('are taken when the control plane signed them for it, until they expire', () => {
    for (const job of JOBS) {
      const sent = stored(signedJob(job, WHOM, privateKey));
      assert.equal(refusal(sent), null, job.kind);
      assert.deepEqual(readJob(sent, check), JSON.parse(JSON.stringify(job)));
    }
    const late = signedJob({ kind: 'probe' }, { ...WHOM, expiresAtMs: NOW_MS - 1500 }, privateKey);
    assert.equal(refusal(late), 'it expired 2 s ago');
  });

  it('are refused without a signature, with that of another, and for another agent', () => {
    const other = generateKeyPairSync('ed25519').privateKey;
    for (const job of JOBS) {
      assert.throws(() => readJob(job, check), /the job is refused: it is not signed/);
      assert.match(refusal(signedJob(job, WHOM, other)) ?? '', /did not sign it/);
      const elsewhere = signedJob(job, { ...WHOM, agentId: 'agent-2' }, privateKey);
      assert.equal(refusal(elsewhere), 'it is for the agent "agent-2"');
    }
  });

  it('are refused when anything in them or in their proof was changed', () => {
    const sent = signedJob(start('run-a', { epoch: 2 }), WHOM, privateKey);
    assert.ok('endpoint' in sent);
    const changes = [
      { runId: 'run-b' },
      { epoch: 3 },
      { incarnation: 'another' },
      { startAtMs: sent.startAtMs + 1 },
      { endpoint: { ...sent.endpoint, host: '10.0.0.1' } },
      { endpoint: { ...sent.endpoint, port: 22 } },
      { proof: { ...sent.proof, expiresAtMs: NOW_MS + 1 } },
    ];
    for (const change of changes) {
      const changed = { ...sent, ...change } as SentJob;
      assert.match(refusal(changed) ?? '', /did not sign it/, JSON.stringify(change));
    }
    const ofAnother = signedJob(abort('run-a'), WHOM, privateKey);
    assert.match(refusal({ ...sent, proof: ofAnother.proof }) ?? '', /did not sign it/);
    const more = { ...sent, proof: { ...sent.proof, more: 1 } } as SentJob;
    assert.match(refusal(more) ?? '', /not signed/);
  });

  it('are taken as they come by an agent without an identity', () => {
    for (const job of JOBS) {
      assert.deepEqual(readJob(job), job);
      assert.deepEqual(readJob(signedJob(job, WHOM, privateKey)), job);
    }
  });
});

describe('the key of an identity', () => {
  it('is an Ed25519 one', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const text = rsa.export({ format: 'der', type: 'spki' }).toString('base64url');
    assert.throws(() => readJobKey(text), /is rsa, not ed25519/);
    assert.throws(() => readJobKey('no key'));
  });
});
