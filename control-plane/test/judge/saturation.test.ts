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
