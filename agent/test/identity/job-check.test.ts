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
  it('are taken when the control plane signed them for it', () => {
    for (const job of JOBS) {
      const sent = stored(signedJob(job, WHOM, privateKey));
      assert.equal(refusal(sent), null, job.kind);
      assert.deepEqual(readJob(sent, check), JSON.parse(JSON.stringify(job)));
    }
  });

  // Each is a job that is taken, but for one thing.
  const other = generateKeyPairSync('ed25519').privateKey;
  for (const [what, sign, expected] of [
    ['without a signature', (job) => job as SentJob, 'it is not signed'],
    [
      'with the signature of another key',
      (job) => signedJob(job, WHOM, other),
      'the control plane did not sign it',
    ],
    [
      'that are for another agent',
      (job) => signedJob(job, { ...WHOM, agentId: 'agent-2' }, privateKey),
      'it is for the agent "agent-2"',
    ],
    [
      'that have expired',
      (job) => signedJob(job, { ...WHOM, expiresAtMs: NOW_MS - 1 }, privateKey),
      'it expired 1 s ago',
    ],
  ] as [string, (job: AgentJob) => SentJob, string][]) {
    it(`are refused ${what}`, () => {
      for (const job of JOBS) {
        assert.equal(refusal(stored(signedJob(job, WHOM, privateKey))), null, job.kind);
        assert.equal(refusal(stored(sign(job))), expected, job.kind);
        assert.throws(() => readJob(stored(sign(job)), check), {
          message: `the job is refused: ${expected}`,
        });
      }
    });
  }

  const job = start('run-a', { epoch: 2 });
  const { endpoint } = job;
  for (const [what, change] of [
    ['its run', { runId: 'run-b' }],
    ['its epoch', { epoch: 3 }],
    ['its incarnation', { incarnation: 'another' }],
    ['its time to start', { startAtMs: job.startAtMs + 1 }],
    ['the address of its server', { endpoint: { ...endpoint, host: '10.0.0.1' } }],
    ['the port of its server', { endpoint: { ...endpoint, port: 22 } }],
    ['its agent', { proof: { agentId: 'agent-2' } }],
    ['its expiry', { proof: { expiresAtMs: NOW_MS + 1 } }],
  ] as [string, Partial<typeof job> | { proof: object }][]) {
    it(`are refused when ${what} was changed after they were signed`, () => {
      const sent = stored(signedJob(job, WHOM, privateKey));
      const { proof = {}, ...fields } = change as { proof?: object };
      const changed = { ...sent, ...fields, proof: { ...sent.proof, ...proof } } as SentJob;
      assert.equal(refusal(sent), null);
      assert.equal(refusal(changed), 'the control plane did not sign it');
      // Signed as it is now, the same would be taken; but for the agent, which it is still not for.
      const whom = { ...WHOM, ...proof };
      const again = stored(signedJob({ ...job, ...fields } as AgentJob, whom, privateKey));
      const expected = whom.agentId === WHOM.agentId ? null : 'it is for the agent "agent-2"';
      assert.equal(refusal(again), expected);
    });
  }

  it('are refused with the proof of another job, or with more in it', () => {
    const sent = signedJob(job, WHOM, privateKey);
    const ofAnother = signedJob(abort('run-a'), WHOM, privateKey);
    assert.equal(refusal(sent), null);
    assert.equal(refusal(ofAnother), null);
    assert.match(refusal({ ...sent, proof: ofAnother.proof }) ?? '', /did not sign it/);
    const more = { ...sent, proof: { ...sent.proof, ...{ more: 1 } } } as SentJob;
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
