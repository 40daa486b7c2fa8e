import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SoakSpec } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  madeResult,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { judge } from '../../src/judge/judge.ts';

const SATURATED =
  'inconclusive: generator saturated: the fleet on agent-b stood still for 3 % of the measurement, ' +
  'sound is 1 %; it stood still 2 times, for 300 ms of the measurement';

/** A fleet of one thread that stood still twice in 10 s, for so long in all. */
function judged(seconds: number, workload: Partial<SoakSpec['workload']>, threads = 1): string {
  const sound = madeSpec();
  const spec = madeSpec({
    workload: { ...sound.workload, ...workload },
    fleet: { ...sound.fleet, threads },
  });
  const fleets = {
    'agent-b': fleetResult(fleetFigures(1100, { stalls: { count: 2, seconds } })),
  };
  const { verdict, reasons } = judge(madeResult({ spec, fleets }), [], null).judgement;
  return `${verdict}: ${reasons.join()}`;
}

describe('a fleet that stood still', () => {
  it('is saturated where no message shows it: in a closed loop, and under churn', () => {
    assert.equal(judged(0.3, { pacing: 'closed' }), SATURATED);
    assert.equal(judged(0.3, { disconnectsPerSecond: 5 }), SATURATED);
    assert.match(judged(0.3, {}), /^passed: /);
    assert.match(judged(0.1, { pacing: 'closed' }), /^passed: /);
  });

  it('is judged by the threads that ran, not by those that the spec asks for', () => {
    assert.equal(judged(0.3, { pacing: 'closed' }, 64), SATURATED);
  });
});

describe('the threads of a fleet that stood still', () => {
  it('have the time of each, not of all together', () => {
    const four = fleetResult(fleetFigures(1100, { stalls: { count: 4, seconds: 6 } }));
    const [thread] = four.figures.final.threads;
    assert.ok(thread !== undefined);
    four.figures.final.threads = [thread, thread, thread, thread];
    const spec = madeSpec({ workload: { ...madeSpec().workload, pacing: 'closed' } });
    const result = madeResult({ spec, fleets: { 'agent-b': four } });
    assert.match(
      judge(result, [], null).judgement.reasons.join(),
      /; its 4 threads stood still 4 times in all, each for 1.5 s of the measurement on average$/,
    );
  });
});

/** A fleet of ten sessions whose system refused connects in 10 s, for so long in all. */
function refused(seconds: number, workload: Partial<SoakSpec['workload']>, neverSent = 0): string {
  const spec = madeSpec({ workload: { ...madeSpec().workload, ...workload } });
  const connectsRefused = { count: 12, seconds, reason: 'EMFILE (24)' };
  const figures = fleetFigures(1100, { connectsRefused, unsent: { fleet: neverSent } });
  const fleets = { 'agent-b': fleetResult(figures) };
  const { verdict, reasons } = judge(madeResult({ spec, fleets }), [], null).judgement;
  return `${verdict}: ${reasons.join()}`;
}

describe('a fleet whose system refused its connects', () => {
  it('had fewer sessions than wanted, which is no fault of the server', () => {
    const text =
      'inconclusive: generator saturated: the fleet on agent-b had fewer sessions than wanted; its ' +
      'own system refused 12 connects: EMFILE (24)';
    assert.equal(refused(2, { pacing: 'closed' }), text);
    assert.equal(refused(2, { disconnectsPerSecond: 5 }), text);
    assert.match(refused(0.9, { pacing: 'closed' }), /^passed: /);
    assert.match(refused(2, {}), /^passed: /, 'an open loop has its messages');
    assert.match(
      refused(2, {}, 50),
      /^inconclusive: .* never sent 50 .*; its own system refused 12 connects: EMFILE \(24\)$/,
    );
  });
});
