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

describe('a server that falls behind what its sessions have room for', () => {
  const passed = (start: number, end: number) => {
    const figures = (inFlight: number) => fleetFigures(1100, { ledger: { inFlight } });
    const fleets = { 'agent-b': { ...fleetResult(fleetFigures(1100)) } };
    fleets['agent-b'].figures.measureStart = {
      ...fleetFigures(100),
      ledger: figures(start).ledger,
    };
    fleets['agent-b'].figures.measureEnd = figures(end);
    return judge(madeResult({ fleets }), [], null).judgement;
  };

  it('is said to', () => {
    const { verdict, reasons } = passed(10, 90);
    assert.equal(verdict, 'passed');
    assert.match(
      reasons.join(),
      /the server fell behind: 90 messages were in flight at the end of the measurement, 10 at its start/,
    );
  });

  it('is not where that is a moment, or was so from the start', () => {
    assert.equal(passed(10, 40).reasons.length, 1);
    assert.equal(passed(80, 150).reasons.length, 1);
  });
});
