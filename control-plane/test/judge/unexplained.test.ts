import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  madeResult,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { judge } from '../../src/judge/judge.ts';

/** The verdict of a run of which so many messages have no echo. */
function judged(unanswered: number, errors = {}, workload = {}): string {
  const figures = fleetFigures(1100, {
    ledger: { echoed: 1100 - unanswered, lostOnClose: unanswered },
    load: { unanswered },
    errors,
  });
  const spec = madeSpec({ workload: { ...madeSpec().workload, ...workload } });
  const fleets = { 'agent-b': fleetResult(figures) };
  const { verdict, reasons } = judge(madeResult({ spec, fleets }), [], null).judgement;
  return `${verdict}: ${reasons.join()}`;
}

describe('messages without an echo', () => {
  it('leave the verdict open where no error says why', () => {
    assert.match(judged(0), /^passed: /);
    assert.match(
      judged(3),
      /^inconclusive: 3 messages have no echo, and whether the server left them out is not known/,
    );
  });

  it('fail the run where one does', () => {
    assert.match(
      judged(3, { disconnectedByServer: 1 }),
      /^failed: errors.disconnectedByServer is 1/,
    );
  });

  it('are left out by slow readers on purpose', () => {
    assert.match(judged(3, {}, { slowReaders: { share: 0.5, bytesPerSecond: 10 } }), /^passed: /);
  });
});
