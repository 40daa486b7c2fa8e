import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RunJob } from '@oversoak/contracts';
import * as admission from '../../src/slots/admission.ts';
import { abort, assignFleet, assignServer, INCARNATION, start } from '../jobs.ts';

type KnownRun = admission.KnownRun;
const admit = (job: RunJob, known: KnownRun | undefined, incarnation = INCARNATION) =>
  admission.admit(job, known, incarnation);

const fleetIs = (part: 'live' | 'ended', epoch = 2): KnownRun => ({
  epoch,
  parts: new Map([['fleet', part]]),
});

describe('admission of a job', () => {
  it('accepts a new run, a new epoch, or another part of the same run', () => {
    const take = { kind: 'take' };
    assert.deepEqual(admit(assignFleet('run-a'), undefined), take);
    assert.deepEqual(admit(assignFleet('run-a', { epoch: 3 }), fleetIs('live')), take);
    assert.deepEqual(admit(assignServer('run-a', { epoch: 2 }), fleetIs('live')), take);
  });

  it('never starts a part twice', () => {
    for (const part of ['live', 'ended'] as const) {
      const answer = admit(assignFleet('run-a', { epoch: 2 }), fleetIs(part));
      assert.deepEqual(answer, { kind: 'duplicate' });
    }
  });

  it('refuses every kind of job from an old epoch', () => {
    const old = { kind: 'refuse', why: 'old epoch' };
    for (const job of [assignFleet('run-a'), start('run-a'), abort('run-a')]) {
      assert.deepEqual(admit(job, fleetIs('live')), old);
    }
  });

  it('refuses every job for an earlier process', () => {
    const other = { kind: 'refuse', why: 'other incarnation' };
    assert.deepEqual(admit(assignFleet('run-a'), undefined, 'incarnation-2'), other);
    const toAnother = { ...abort('run-a'), incarnation: INCARNATION };
    assert.deepEqual(admit(toAnother, undefined, 'incarnation-2'), other);
    assert.equal(admit(abort('run-a'), undefined, 'incarnation-2').kind, 'acknowledge');
  });

  it('starts only an active part', () => {
    const refused = { kind: 'refuse', why: 'not prepared' };
    assert.deepEqual(admit(start('run-a', { epoch: 2 }), fleetIs('live')), { kind: 'pass' });
    assert.deepEqual(admit(start('run-a', { epoch: 2 }), fleetIs('ended')), refused);
    assert.deepEqual(admit(start('run-a', { epoch: 3 }), fleetIs('live')), refused);
    assert.deepEqual(admit(start('run-a'), undefined), refused);
  });

  it('acknowledges an abort without an active part', () => {
    assert.deepEqual(admit(abort('run-a', 2), fleetIs('live')), { kind: 'pass' });
    const ended = admit(abort('run-a', 2), fleetIs('ended'));
    assert.deepEqual(ended, { kind: 'acknowledge', roles: ['fleet'] });
    const unknown = admit(abort('run-a'), undefined);
    assert.deepEqual(unknown, { kind: 'acknowledge', roles: ['server', 'fleet'] });
  });
});
