import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseThreshold, type Threshold } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  fleetWindows,
  histogramOf,
  madeLatencies,
  madeResult,
  madeSpec,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { judge } from '../../src/judge/judge.ts';

function threshold(text: string): Threshold {
  const parsed = parseThreshold(text);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed.threshold;
}

/** The verdict of a fleet, whose window number i has the changes `windows(i)`. */
function judged(
  figures: Parameters<typeof fleetFigures>[1],
  text: string,
  windows: Parameters<typeof fleetWindows>[1] = () => ({}),
): string {
  const fleet = fleetResult(fleetFigures(1100, figures), fleetFigures(0));
  const series = { windowSeconds: 1, windows: fleetWindows(20, windows) };
  const fleets = { 'agent-b': { ...fleet, series } };
  const spec = madeSpec({ phases: { ...madeSpec().phases, measureSeconds: 20 } });
  const result = madeResult({
    spec,
    fleets,
    server: { ...serverResult(), series: { windowSeconds: 1, windows: serverWindows(20) } },
  });
  const { verdict, reasons } = judge(result, [threshold(text)], null).judgement;
  return `${verdict}: ${reasons.join()}`;
}

describe('a fleet of which a thread always had work', () => {
  // Ten seconds are measured.
  const BUSY = { busySeconds: 9.5 };
  const IDLE = { busySeconds: 7.4 };
  const why =
    'a thread of the fleet was busy for 95 % of the time, so that messages and echoes waited for the fleet as well';

  it('proves no miss of the rate or of a latency', () => {
    const held = { unsent: { held: 200 } };
    const rate = 'achieved.rate >= 99%';
    assert.equal(judged({ ...held, ...BUSY }, rate), `inconclusive: undecided: ${rate}: ${why}`);
    assert.match(judged({ ...held, ...IDLE }, rate), /^failed: achieved.rate is /);
    const slow = { latencyMs: 50 };
    const p99 = 'echo.latency.p99 < 20ms';
    assert.equal(judged({ ...slow, ...BUSY }, p99), `inconclusive: undecided: ${p99}: ${why}`);
    assert.match(judged({ ...slow, ...IDLE }, p99), /^failed: echo.latency.p99 is /);
  });

  it('proves what holds all the same, and errors', () => {
    assert.match(judged(BUSY, 'echo.latency.p99 < 20ms'), /^passed: /);
    assert.match(judged({ ...BUSY, errors: { corrupt: 1 } }, 'errors.total == 0'), /^failed: /);
  });

  it('is judged window by window', () => {
    const every = 'echo.latency.p99 < 20ms every 4s';
    const slowAt = (busySeconds: number) => (index: number) =>
      index >= 4 && index < 8 ? { latencyMs: 50, busySeconds } : {};
    assert.match(judged({}, every, slowAt(0.74)), /^failed: /);
    assert.match(
      judged({}, every, slowAt(0.76)),
      /^inconclusive: undecided: .* a thread of the fleet was busy for 76 % .* \(in 1 of 5 windows\)$/,
    );
  });
});

describe('a fleet that is late itself', () => {
  /** 1,100 echoes of 1 ms, but for so many; lags of 0.1 ms, but for so many of a hundred. */
  const echoes = (slow: number, slowMs: number, late: number, lateMs: number, held = 0) => {
    const intended = histogramOf(1100, 1, slow, slowMs);
    const sendLag = histogramOf(1000, 0.1, late * 10, lateMs);
    const latency = madeLatencies({ intended, actual: intended, sendLag });
    return judged({ latency, load: { held } }, 'echo.latency.p99 < 3ms');
  };

  it('does not charge the server with what its own lateness explains', () => {
    assert.match(
      echoes(30, 6, 2, 4),
      /^inconclusive: undecided: echo.latency.p99 < 3ms: the fleet itself was late by up to 4.002 ms /,
    );
  });

  it('takes it twice off messages that waited for room', () => {
    assert.match(echoes(40, 9, 2, 4, 300), /^inconclusive: undecided: echo.latency.p99 < 3ms: /);
    assert.match(echoes(40, 9, 2, 4, 5), /^failed: /);
    assert.match(echoes(40, 12, 2, 4, 300), /^failed: /);
  });

  it('charges it with more echoes, and with longer ones, than that', () => {
    assert.match(echoes(50, 6, 2, 4), /^failed: /, 'more were slow than were read late');
    assert.match(echoes(30, 9, 2, 4), /^failed: /, 'they were slower than the fleet is late');
    assert.match(echoes(30, 6, 0, 0), /^failed: /, 'the fleet is not late');
  });

  /** As before over the whole; in five windows of 400 echoes, one with so many slow ones. */
  const windowsWith = (slow: number, slowMs: number, late: number, lateMs: number) => {
    const intended = histogramOf(2000 - slow, 1, slow, slowMs);
    const sendLag = histogramOf(2000 - late, 0.1, late, lateMs);
    const latency = madeLatencies({ intended, actual: intended, sendLag });
    const ofWindow = (index: number) =>
      index === 5 ? { intended: histogramOf(100 - slow, 1, slow, slowMs) } : {};
    return judged({ latency }, 'echo.latency.p99 < 3ms every 4s', ofWindow);
  };

  it('may have been late in the one window that missed', () => {
    assert.match(
      windowsWith(20, 6, 20, 4),
      /^inconclusive: undecided: .*: in 4 to 8 s of the measurement the fleet itself was late by up to 4.002 ms .* \(in 1 of 5 windows\)$/,
    );
    assert.match(windowsWith(20, 6, 5, 4), /^failed: /, 'it was late for fewer in the whole run');
    assert.match(windowsWith(20, 9, 20, 4), /^failed: /, 'they were slower than it is late');
  });

  /** Of 1,000 due 900 were sent, each 2 ms before its echo; the others waited for room too long. */
  const held = (
    lateMs: number,
    unsent: Record<string, number> = { held: 100 },
    taken = histogramOf(1000, 2, 0, 0),
  ) => {
    const sendLag = histogramOf(1000, lateMs, 0, 0);
    const latency = madeLatencies({ intended: taken, actual: taken, sendLag });
    const load = { due: 1000, sent: 900, echoed: 900 };
    return judged({ latency, load, unsent }, 'achieved.rate >= 95%', () => ({}));
  };

  it('does not charge the server with messages that waited for its own reads', () => {
    assert.match(
      held(0.2),
      /^inconclusive: undecided: achieved.rate >= 95%: messages waited .* of the 2 ms .* may be 200 µs: /,
    );
    assert.match(held(4), /^inconclusive: /, 'as long as an echo takes');
    assert.match(held(0.1), /^failed: achieved.rate is 90 %/, 'without it: 94.7 %');
    assert.match(held(0.2, { connecting: 100 }), /^failed: /, 'no session, so no room');
    const starved = histogramOf(999, 2, 1, 4800);
    assert.match(held(0.2, { held: 100 }, starved), /^failed: /, 'one session waited for 4.8 s');
  });

  it('does not charge the server with messages that the fleet never reached', () => {
    const reached = (unsent: Record<string, number>) =>
      judged({ load: { due: 1000, sent: 992, echoed: 992 }, unsent }, 'achieved.rate >= 99.5%');
    assert.match(
      reached({ fleet: 4, connecting: 4 }),
      /^inconclusive: undecided: achieved.rate >= 99.5%: the fleet itself never reached 4 of them/,
    );
    assert.match(reached({ fleet: 2, connecting: 6 }), /^failed: achieved.rate is 99.2 %/);
  });
});
