import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  madeResult,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';

/** The verdict of a run of which so many messages have no echo. */
function judged(
  unanswered: number,
  errors = {},
  workload = {},
  thresholds: readonly string[] = [],
): string {
  const figures = fleetFigures(1100, {
    ledger: { echoed: 1100 - unanswered, lostOnClose: unanswered },
    load: { unanswered },
    errors,
  });
  const spec = madeSpec({ workload: { ...madeSpec().workload, ...workload } });
  // Two of its ten sessions read slowly, if any do.
  figures.sessions.slowReaders = 'slowReaders' in workload ? 2 : 0;
  const fleets = { 'agent-b': fleetResult(figures) };
  const result = madeResult({ spec, fleets });
  const { verdict, reasons } = judge(result, thresholdsOf(thresholds), null).judgement;
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

  it('are not explained by errors that end no session', () => {
    const spec = ['errors.outOfOrder < 10'];
    assert.match(judged(3, { outOfOrder: 2 }, {}, spec), /^inconclusive: 3 messages have no echo/);
    assert.match(judged(0, { outOfOrder: 2 }, {}, spec), /^passed: /);
  });

  it('are left out by slow readers on purpose, as many as those have room for', () => {
    const slowReaders = { share: 0.2, bytesPerSecond: 10 };
    assert.match(judged(8, {}, { slowReaders, overSend: 4 }), /^passed: /);
    assert.match(
      judged(9, {}, { slowReaders, overSend: 4 }),
      /^inconclusive: 1 messages? have no echo/,
    );
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

describe('what the spec itself keeps from being sent', () => {
  const passed = (churn: number) => {
    const sent = 1000 - churn;
    const changes = { load: { due: 1000, sent, echoed: sent }, unsent: { churn } };
    const fleets = { 'agent-b': fleetResult(fleetFigures(1100, changes)) };
    return judge(madeResult({ fleets }), [], null).judgement;
  };

  it('is said where it is more than a percent of the load', () => {
    const { verdict, reasons } = passed(300);
    assert.equal(verdict, 'passed');
    assert.match(
      reasons.join(),
      /600 of 900 messages due were sent, as the spec asks for: 300 were due between two connections/,
    );
    assert.equal(passed(5).reasons.length, 1);
  });
});
