import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample, ThresholdSpec } from '@oversoak/contracts';
import {
  fleetFigures,
  histogram,
  histogramOf,
  MADE_GANG,
  madeLatencies,
  madeRun,
  serverFigures,
} from '@oversoak/testing/builders/made-figures';
import { thresholdsOf } from '../../src/judge/judge.ts';
import { EarlyLook, type EarlyMiss } from '../../src/run/early-look.ts';

const PHASES = { rampUpSeconds: 1, warmUpSeconds: 1, measureSeconds: 10, drainSeconds: 1 };
const run = madeRun({ state: 'measuring', epoch: 1, gang: [...MADE_GANG], phases: PHASES });
const look = (...thresholds: ThresholdSpec[]) => new EarlyLook(run, thresholdsOf(thresholds));
const abort = (threshold: string) => ({ threshold, abort: true });

const at = (sinceStartSeconds: number) =>
  ({ runId: 'run-1', epoch: 1, atMs: 0, phase: 'measuring', sinceStartSeconds }) as const;

/** The sample of the fleet for one second: 200 messages of this latency. */
function fleetSample(
  second: number,
  changes: Parameters<typeof fleetFigures>[1] = {},
  latencyMs = 2,
): Sample {
  const { measured, ...figures } = fleetFigures(200 * second, changes);
  const { latency: _, stages: __, ...load } = measured;
  const fleet = { ...figures, measured: load };
  const interval = histogram(200, latencyMs);
  const intervalLatency = madeLatencies({
    intended: interval,
    actual: interval,
    sendLag: histogram(200, 0.1),
  });
  return { ...at(second + 0.01), agentId: 'agent-b', role: 'fleet', fleet, intervalLatency };
}

function serverSample(second: number, errors: Record<string, number> = {}): Sample {
  const { histograms: _, own: __, ...server } = serverFigures(200 * second, { errors });
  return { ...at(second + 0.01), agentId: 'agent-a', role: 'server', server };
}

/** The misses that the samples show, with the second that showed each. */
function misses(looking: EarlyLook, samples: readonly Sample[]): [number, EarlyMiss][] {
  return samples.flatMap((sample) => {
    const missed = looking.take(sample);
    return missed === null ? [] : [[Math.floor(sample.sinceStartSeconds), missed] as const];
  }) as [number, EarlyMiss][];
}

const seconds = (to: number) => Array.from({ length: to }, (_, index) => index + 1);
/** Both members, second by second; the fleet's by `fleet`. */
const whole = (to: number, fleet: (second: number) => Sample) =>
  seconds(to).flatMap((second) => [serverSample(second), fleet(second)]);

describe('EarlyLook', () => {
  it('finds errors with the sample that reports them', () => {
    const samples = whole(6, (second) =>
      fleetSample(second, { errors: { corrupt: second > 3 ? 2 : 0 } }),
    );
    const [first] = misses(look(abort('errors.corrupt == 0')), samples);
    assert.equal(first?.[0], 4);
    assert.deepEqual(first?.[1].check, {
      threshold: 'errors.corrupt == 0',
      outcome: 'missed',
      actual: '2',
    });
    assert.deepEqual(misses(look(abort('errors.corrupt <= 2')), samples), []);
    assert.equal(misses(look(abort('errors.corrupt < 2')), samples)[0]?.[0], 4);
    assert.equal(misses(look(abort('errors.total == 0')), samples)[0]?.[0], 4);
  });

  it('waits until a count exceeds its limit', () => {
    const samples = whole(3, (second) => fleetSample(second, { errors: { corrupt: second } }));
    assert.equal(misses(look(abort('errors.corrupt == 2')), samples)[0]?.[0], 3);
  });

  it('evaluates only thresholds with "abort", and its own epoch', () => {
    const wrong = fleetSample(3, { errors: { corrupt: 1 } });
    assert.deepEqual(
      misses(look('errors.corrupt == 0', abort('errors.duplicate == 0')), [wrong]),
      [],
    );
    assert.deepEqual(misses(look(abort('errors.corrupt == 0')), [{ ...wrong, epoch: 2 }]), []);
  });

  it('judges a window when the whole gang has reported it', () => {
    const slow = (second: number) => fleetSample(second, {}, second > 6 && second <= 8 ? 90 : 2);
    const samples = whole(12, slow);
    // The measurement begins at 2 s: 6 to 8 s of the run are 4 to 6 s of it.
    const [first, ...more] = misses(look(abort('echo.latency.p99 < 50ms every 2s')), samples);
    assert.deepEqual([first?.[0], more.length], [8, 0]);
    assert.match(
      first?.[1].reason ?? '',
      /^echo.latency.p99 is 9\d\.?\d* ms in 4 to 6 s of the measurement, wanted .* every 2s: the run was ended 8.0 s/,
    );
    assert.deepEqual(misses(look(abort('echo.latency.p99 < 200ms every 2s')), samples), []);
    const silent = samples.filter(({ role }) => role === 'fleet');
    assert.deepEqual(misses(look(abort('echo.latency.p99 < 50ms every 2s')), silent), []);
  });

  it('compares the achieved rate of each window with its limit', () => {
    const held = (second: number) => ({ unsent: { held: second >= 8 ? 100 : 0 } });
    const samples = whole(12, (second) => fleetSample(second, held(second)));
    const [first] = misses(look(abort('achieved.rate >= 99% every 2s')), samples);
    assert.equal(first?.[0], 8);
    assert.match(
      first?.[1].check.actual ?? '',
      /^80 % of 500 due: 100 waited for room .* in 4 to 6 s/,
    );
  });

  it('counts messages that wait for room at the end of a window as not achieved in it', () => {
    // The server takes half of what is due from 4 to 6 s of the measurement, and all of it later.
    const waits = (second: number) => ({ 7: 100, 8: 200, 9: 200, 10: 0 })[second] ?? 0;
    const samples = (slowReaders: number) =>
      whole(12, (second) => {
        const due = 200 * second;
        const sample = fleetSample(second, { load: { due, sent: due - waits(second) } });
        if (sample.fleet === undefined) return sample;
        const sessions = { ...sample.fleet.sessions, slowReaders };
        return { ...sample, fleet: { ...sample.fleet, sessions } };
      });
    const found = misses(look(abort('achieved.rate >= 99% every 2s')), samples(0));
    assert.deepEqual(
      found.map(([second, { check }]) => [second, check.actual]),
      // What was due in the last tenth of a second may wait.
      [[8, '55 % of 400 due: 180 waited for room past the end in 4 to 6 s of the measurement']],
    );
    assert.deepEqual(misses(look(abort('achieved.rate >= 50% every 2s')), samples(0)), []);
    assert.deepEqual(misses(look(abort('achieved.rate >= 99% every 2s')), samples(1)), []);
  });

  // From 6 s on so many of 20 sessions wait, each for its oldest message, and the fleet is as late as
  // an echo takes.
  for (const [stopped, percent] of [
    [20, 10],
    [10, 60],
  ] as const) {
    it(`ends a run of which ${stopped} of 20 sessions get no service, whatever the lateness`, () => {
      const samples = whole(12, (second) => {
        const due = 200 * second;
        const more = Math.max(0, due - 1200) * (1 - stopped / 20);
        const echoed = Math.min(due, 1200) + more;
        const sent = echoed + (second > 6 ? stopped : 0);
        const sample = fleetSample(second, { load: { due, sent, echoed } }, 0.3);
        if (sample.intervalLatency !== undefined) {
          sample.intervalLatency.sendLag = histogram(200, 0.4);
        }
        return sample;
      });
      const [first] = misses(look(abort('achieved.rate >= 99% every 1s')), samples);
      assert.equal(first?.[0], 8);
      const rate = new RegExp(`^${percent} % of 200 due: \\d+ waited for room`);
      assert.match(first?.[1].check.actual ?? '', rate);
    });
  }

  it('ignores the time before the measurement, and windows with too few echoes', () => {
    const early = whole(12, (second) => fleetSample(second, {}, second <= 2 ? 90 : 2));
    assert.deepEqual(misses(look(abort('echo.latency.p99 < 50ms every 2s')), early), []);
    const slow = whole(12, (second) => fleetSample(second, {}, 90));
    assert.deepEqual(misses(look(abort('echo.latency.p999 < 50ms every 2s')), slow), []);
  });

  it('skips a window whose boundary was not reported', () => {
    const slow = (second: number) => fleetSample(second, {}, second > 6 && second <= 8 ? 90 : 2);
    for (const boundary of [6, 8]) {
      const lost = whole(12, slow).filter(
        ({ role, sinceStartSeconds }) =>
          role === 'server' || Math.floor(sinceStartSeconds) !== boundary,
      );
      assert.deepEqual(misses(look(abort('echo.latency.p99 < 50ms every 2s')), lost), []);
    }
  });

  it('does not end a run whose window is undecided', () => {
    const threshold = abort('echo.latency.p99 < 50ms every 2s');
    const intended = (slow: number) => histogramOf(200 - slow, 2, slow, 90);
    const samples = (slow: number) =>
      whole(12, (second) => {
        const sample = fleetSample(second);
        const { intervalLatency } = sample;
        assert.ok(intervalLatency !== undefined);
        return { ...sample, intervalLatency: { ...intervalLatency, intended: intended(slow) } };
      });
    // Of 400 echoes: 6 are more than 1 % by chance, 20 are not.
    assert.deepEqual(misses(look(threshold), samples(3)), []);
    assert.equal(misses(look(threshold), samples(10))[0]?.[0], 4);
  });

  it('does not end a run for what the fleet itself did not do', () => {
    const threshold = abort('achieved.rate >= 95% every 2s');
    const lacking = (cause: 'fleet' | 'connecting') =>
      whole(6, (second) => {
        const due = 200 * second;
        const unsent = { [cause]: 20 * second };
        return fleetSample(second, { load: { due, sent: 180 * second }, unsent });
      });
    assert.deepEqual(misses(look(threshold), lacking('fleet')), []);
    assert.equal(misses(look(threshold), lacking('connecting'))[0]?.[0], 4);
  });

  it('does not end a run for what the lateness of the fleet explains', () => {
    const threshold = abort('echo.latency.p99 < 50ms every 2s');
    const samples = (lateMs: number) =>
      whole(6, (second) => {
        const { intervalLatency, ...sample } = fleetSample(second);
        assert.ok(intervalLatency !== undefined);
        const intended = histogramOf(190, 2, 10, 90);
        const sendLag = histogramOf(190, 0.1, 10, lateMs);
        return { ...sample, intervalLatency: { ...intervalLatency, intended, sendLag } };
      });
    assert.deepEqual(misses(look(threshold), samples(60)), []);
    assert.equal(misses(look(threshold), samples(20))[0]?.[0], 4);
  });

  it('does not end a run for what sessions make up for of an earlier lateness of the fleet', () => {
    const threshold = abort('echo.latency.p99 < 50ms every 2s');
    // The measurement begins at 2 s. The third second is late; what it left waiting goes on.
    const samples = (lateMs: number) =>
      whole(12, (second) => {
        const { intervalLatency, ...sample } = fleetSample(second);
        assert.ok(intervalLatency !== undefined);
        const intended = second > 4 ? histogramOf(190, 2, 10, 90) : histogram(200, 2);
        const sendLag = second === 3 ? histogramOf(100, 0.1, 100, lateMs) : histogram(200, 0.1);
        return { ...sample, intervalLatency: { ...intervalLatency, intended, sendLag } };
      });
    assert.deepEqual(misses(look(threshold), samples(60)), []);
    assert.equal(misses(look(threshold), samples(20))[0]?.[0], 6);
  });

  it('does not end a run for echoes that may have waited behind another fleet', () => {
    const [server, one] = MADE_GANG;
    const gang = [server, one, { ...one, agentId: 'agent-c' }];
    const samples = (disturbed: number) =>
      whole(4, (second) => fleetSample(second, { load: { disturbed } })).concat({
        ...fleetSample(5, { errors: { notReceivedInTime: 90 } }),
        agentId: 'agent-c',
      });
    const looking = () =>
      new EarlyLook({ ...run, gang }, thresholdsOf([abort('errors.total == 0')]));
    assert.deepEqual(misses(looking(), samples(100)), []);
    assert.equal(misses(looking(), samples(50))[0]?.[0], 5);
  });

  it('throws if a counter of the samples decreased', () => {
    const sent = (second: number) => ({ load: { due: second === 4 ? 1 : 999 } });
    const samples = whole(6, (second) => fleetSample(second, sent(second)));
    const looking = look(abort('achieved.rate >= 99% every 2s'));
    assert.throws(() => misses(looking, samples), /counter load.due ran backwards: 999, then 1/);
  });

  it('counts a reset as an error only if no fleet intended it', () => {
    const threshold = abort('errors.peerReset == 0');
    const reset = serverSample(5, { peerReset: 3 });
    const meant = [fleetSample(4), reset, fleetSample(6, { aborts: 3 })];
    assert.deepEqual(misses(look(threshold), meant), []);
    const notMeant = [fleetSample(4), reset, fleetSample(5), fleetSample(6, { aborts: 2 })];
    const [first] = misses(look(threshold), notMeant);
    assert.deepEqual([first?.[0], first?.[1].check.actual], [6, '1']);
  });
});
