import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  fleetWindows,
  histogramOf,
  MADE_GANG,
  madeLatencies,
  madeLoad,
  madeResult,
  madeSpec,
  serverFigures,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';

/**
 * A fleet of 1,000 messages: so many disturbed, by a standstill of 20 ms, the others of 1 ms but for
 * so many of 9 ms; so many had no echo in time, and of those so many none at all.
 */
function fleet({ disturbed = 0, slow = 0, slowMs = 9, notInTime = 0, unanswered = 0 }) {
  const taken = histogramOf(1000 - disturbed - slow, 1, slow, slowMs);
  const latency = madeLatencies({
    intended: taken,
    actual: taken,
    // No longer than the limit.
    disturbed: histogramOf(disturbed, 2, 0, 0),
    sendLag: histogramOf(995, 0.1, disturbed > 0 ? 5 : 0, 20),
  });
  const figures = fleetFigures(1000, {
    ledger: { echoed: 1000 - unanswered, lostOnClose: unanswered },
    load: { disturbed, unanswered },
    errors: { notReceivedInTime: notInTime },
    latency,
  });
  // Windows of as many, so that each can be decided; all of it in the fifth.
  const windows = fleetWindows(10, (index) => ({
    load: { ...madeLoad(1000), disturbed: index === 4 ? disturbed : 0 },
    intended: index === 4 ? taken : histogramOf(1000, 1, 0, 0),
  }));
  const series = { windowSeconds: 1, windows };
  return { ...fleetResult(figures, fleetFigures(0)), series };
}

/** The verdict of a run with these fleets. */
function judged(threshold: string, ...fleets: Parameters<typeof fleet>[0][]): string {
  const result = madeResult();
  const [server, one] = MADE_GANG;
  const gang = [server, ...fleets.map((_, at) => ({ ...one, agentId: `agent-${at}` }))];
  const spec = madeSpec({ phases: { ...madeSpec().phases, measureSeconds: 10 } });
  const accepted = serverFigures(1000 * fleets.length, { accepted: 10 * fleets.length });
  const { verdict, reasons } = judge(
    {
      ...result,
      spec,
      run: { ...result.run, gang },
      server: {
        ...serverResult(accepted),
        series: { windowSeconds: 1, windows: serverWindows(10) },
      },
      fleets: Object.fromEntries(fleets.map((each, at) => [`agent-${at}`, fleet(each)])),
    },
    thresholdsOf([threshold]),
    null,
  ).judgement;
  return `${verdict}: ${reasons.join()}`;
}

describe('a fleet that stood still beside another', () => {
  const P99 = 'echo.latency.p99 < 3ms';

  it('may have made the messages of the other wait, for the share of the time that it was felt', () => {
    assert.match(
      judged(P99, { disturbed: 50 }, { slow: 40 }),
      /^inconclusive: undecided: echo.latency.p99 < 3ms: a fleet stood still and then sent at once what was due, behind which 50 messages of the others may have waited for up to 40.\d+ ms: consistent with both$/,
    );
    assert.match(judged(P99, {}, { slow: 40 }), /^failed: echo.latency.p99 is 9/, 'none did');
    assert.match(judged(P99, { disturbed: 50 }, { slow: 80 }), /^failed: /, 'more were slow');
    assert.match(judged(P99, { disturbed: 50 }, { slow: 15 }), /^passed: /, 'it holds as it is');
    const slower = { slow: 40, slowMs: 50 };
    assert.match(judged(P99, { disturbed: 50 }, slower), /^failed: /, 'for longer than that');
  });

  it('changes nothing for a fleet that is alone', () => {
    assert.match(judged(P99, { disturbed: 50, slow: 40 }), /^failed: /);
  });

  it('is judged window by window', () => {
    const every = `${P99} every 1s`;
    assert.match(
      judged(every, { disturbed: 50 }, { slow: 40 }),
      /^inconclusive: undecided: .*: in 4 to 5 s of the measurement a fleet stood still /,
    );
    assert.match(judged(every, {}, { slow: 40 }), /^failed: /);
    assert.match(judged(every, { disturbed: 20 }, { slow: 100 }), /^failed: /);
  });

  it('may have made echoes come too late, not stay away', () => {
    const judgedOf = (notInTime: number, unanswered: number) =>
      judged('errors.total == 0', { disturbed: 50 }, { notInTime, unanswered });
    assert.match(
      judgedOf(40, 0),
      /^inconclusive: undecided: errors.total == 0: a fleet stood still .* behind which 40 messages of the others may have waited: their echoes came, but not in time$/,
    );
    assert.match(judgedOf(60, 0), /^failed: errors.total is 60/, 'more than were due then');
    assert.match(judgedOf(40, 1), /^failed: errors.total is 40/, 'one never came');
    const late = { notInTime: 40, slow: 1, slowMs: 5_200 };
    assert.match(
      judged('errors.total == 0', { disturbed: 50 }, late),
      /^failed: errors.total is 40/,
      'one took longer than that explains',
    );
    const alone = { notInTime: 40, disturbed: 50 };
    assert.match(judged('errors.total == 0', alone), /^failed: errors.total is 40/);
  });
});
