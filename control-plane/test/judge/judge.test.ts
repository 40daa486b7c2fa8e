import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RunResult, THRESHOLD_METRICS } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  histogramOf,
  madeLatencies,
  madeResult,
  madeRun,
  madeSpec,
  serverFigures,
  serverResult,
  serverWindows,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { errorsOf } from '../../src/judge/figures.ts';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';
import { worst } from '../../src/judge/verdict.ts';

const fleets = (...args: Parameters<typeof fleetResult>): Pick<RunResult, 'fleets'> => ({
  fleets: { 'agent-b': fleetResult(...args) },
});
const verdict = (changes: Partial<RunResult>, ...thresholds: string[]) =>
  judge(madeResult(changes), thresholdsOf(thresholds), null).judgement;

const PASSED = '0 errors in 1,000 echoes: fewer than 1 in 333 at 95 %';

describe('judge', () => {
  it('passes a sound run and states its number of echoes', () => {
    assert.deepEqual(verdict({}), { verdict: 'passed', reasons: [PASSED], loadSound: true });
  });

  it('ignores predictions', () => {
    const spec = madeSpec({ predictions: ['errors.total == 5', 'echo.latency.p99 > 1s'] });
    assert.deepEqual(verdict({ spec }), { verdict: 'passed', reasons: [PASSED], loadSound: true });
  });

  it('lets an early end decide the verdict, regardless of the figures', () => {
    const ending = { verdict: 'cancelled', reason: 'cancelled by request' } as const;
    const corrupt = fleets(fleetFigures(1100, { errors: { corrupt: 5 } }));
    assert.deepEqual(judge(madeResult(corrupt), [], ending).judgement, {
      verdict: 'cancelled',
      reasons: ['cancelled by request'],
      loadSound: false,
    });
  });

  it('is inconclusive without the results of the whole gang', () => {
    assert.match(verdict({ server: null }).reasons.join(), /no result from agent-a \(server\)/);
    assert.match(verdict({ fleets: {} }).reasons.join(), /no result from agent-b \(fleet\)/);
    const { gang, ...run } = madeResult().run;
    assert.equal(gang.length, 2);
    assert.equal(verdict({ run: { ...run, gang: [] } }).verdict, 'inconclusive');
  });

  it('fails a run whose ledger does not balance', () => {
    const final = fleetFigures(1100, { ledger: { echoed: 1098, lostOnClose: 1 } });
    const judged = verdict(fleets(fleetFigures(1100), fleetFigures(100), final));
    assert.equal(judged.verdict, 'failed');
    assert.match(judged.reasons[0] ?? '', /ledger of agent-b .* 1100 sent, but 1098 echoed/);
  });

  it('fails a run with messages that were due and did nothing', () => {
    const lost = fleetFigures(1100, { load: { due: 1102, reset: 1 } });
    const judged = verdict(fleets(lost));
    assert.equal(judged.verdict, 'failed');
    assert.match(
      judged.reasons[0] ?? '',
      /load of agent-b does not balance: 1002 due, but 1000 sent \+ 0 never sent; of those sent 1000 echoed \+ 0 unanswered \+ 1 reset/,
    );
  });

  it('fails a server that accepted the load only in the drain', () => {
    const slow = (held: number, afterEnd: number) =>
      fleets(fleetFigures(1100, { load: { held, afterEnd } }));
    assert.equal(verdict(slow(700, 0)).verdict, 'passed');
    assert.equal(verdict(slow(700, 10)).verdict, 'passed');
    const judged = verdict(slow(700, 390));
    assert.equal(judged.verdict, 'failed');
    assert.match(
      judged.reasons.join(),
      /achieved\.rate is 61 % of 1,000 due: 390 waited for room past the end, wanted/,
    );
  });

  it('fails a run whose server accepted more or less than the fleets connected', () => {
    const judged = verdict({ server: serverResult(serverFigures(1100, { accepted: 11 })) });
    assert.deepEqual(judged, {
      verdict: 'failed',
      reasons: ['server accepted 11 connections, fleets made 10'],
      loadSound: false,
    });
  });

  it('allows foreign clients if the spec does', () => {
    const { server } = madeSpec();
    const spec = madeSpec({ server: { ...server, foreignClients: true } });
    const accepted = (count: number) => serverResult(serverFigures(1100, { accepted: count }));
    assert.equal(verdict({ spec, server: accepted(25) }).verdict, 'passed');
    assert.deepEqual(verdict({ spec, server: accepted(9) }).reasons, [
      'server accepted 9 connections, fleets made 10',
    ]);
  });

  it('subtracts the intended resets of the fleets from those of the server', () => {
    const resets = (peerReset: number, ...aborts: number[]) => {
      const result = (count: number) => fleetResult(fleetFigures(1100, { aborts: count }));
      const agents = aborts.map((count, index) => [`agent-${index}`, result(count)]);
      const accepted = 10 * aborts.length;
      const changes = { accepted, errors: { peerReset } };
      return errorsOf({
        spec: madeSpec(),
        server: serverResult(serverFigures(1100, changes)),
        fleets: Object.fromEntries(agents),
      }).peerReset;
    };
    assert.equal(resets(7, 7), 0);
    assert.equal(resets(7, 3, 4), 0);
    assert.equal(resets(8, 3, 4), 1);
    assert.equal(resets(5, 7), 0);
    const server = serverResult(serverFigures(1100, { errors: { peerReset: 1 } }));
    assert.match(verdict({ server }).reasons.join(), /errors.peerReset is 1/);
  });

  it('judges a run on a target by its fleets alone', () => {
    const judged = (changes: Partial<RunResult> = {}) =>
      judge(targetResult(changes), [], null).judgement;
    assert.deepEqual(judged(), { verdict: 'passed', reasons: [PASSED], loadSound: true });
    const corrupt = fleets(fleetFigures(1100, { errors: { corrupt: 1 } }));
    assert.equal(judged(corrupt).verdict, 'failed');
    assert.match(judged({ fleets: {} }).reasons.join(), /no result from agent-b \(fleet\)/);
    const errors = errorsOf(targetResult());
    assert.ok(Object.values(errors).every((count) => count === 0));
    const aborted = errorsOf(targetResult(fleets(fleetFigures(1100, { aborts: 3 }))));
    assert.equal(aborted.peerReset, 0);
  });

  it('adds up the fleets before it compares with the server', () => {
    const two = { 'agent-b': fleetResult(), 'agent-c': fleetResult() };
    const server = serverResult(serverFigures(2200, { accepted: 20 }));
    assert.equal(verdict({ fleets: two, server }).verdict, 'passed');
  });

  it('fails on any error class that no threshold allows, over the whole run', () => {
    const final = fleetFigures(1100, { errors: { corrupt: 3 } });
    const judged = verdict(fleets(fleetFigures(1100), fleetFigures(100), final));
    assert.deepEqual(judged, {
      verdict: 'failed',
      reasons: ['errors.corrupt is 3, wanted errors.corrupt == 0; 1,000 echoes measured'],
      loadSound: true,
    });
    const server = serverResult(serverFigures(1100, { errors: { malformedFrame: 1 } }));
    assert.match(verdict({ server }).reasons.join(), /errors.malformedFrame is 1/);
  });

  it('uses the limit of a threshold on an error class', () => {
    const corrupt = fleets(fleetFigures(1100, { errors: { corrupt: 3 } }));
    const allowed = verdict(corrupt, 'errors.corrupt <= 3');
    assert.equal(allowed.verdict, 'passed');
    assert.match(
      allowed.reasons[0] ?? '',
      /^3 errors in 1,000 echoes, as many as the thresholds allow: fewer than 1 in 129 at 95 %$/,
    );
    assert.equal(verdict(corrupt, 'errors.corrupt < 3').verdict, 'failed');
  });

  it('is inconclusive if no echo came back in the measurement', () => {
    const still = fleets(fleetFigures(100), fleetFigures(100));
    assert.equal(verdict(still).verdict, 'inconclusive');
  });

  it('is inconclusive when the fleet was too slow, and says why it was', () => {
    const stalls = { count: 1, seconds: 2 };
    const slow = fleetFigures(1100, { load: { late: 50 }, unsent: { fleet: 60 }, stalls });
    assert.deepEqual(verdict(fleets(slow), 'achieved.rate >= 1%'), {
      verdict: 'inconclusive',
      reasons: [
        'generator saturated: of 1,060 messages due the fleet on agent-b sent 50 more than 50 ms late and ' +
          'never sent 60 (10.37 %, sound is 1 %), which is its own fault; ' +
          'it stood still once, for 2 s of the measurement',
      ],
      loadSound: false,
    });
    const two = {
      'agent-b': fleetResult(fleetFigures(1100)),
      'agent-c': fleetResult(fleetFigures(1100, { load: { late: 68 } })),
    };
    const server = serverResult(serverFigures(2200, { accepted: 20 }));
    assert.deepEqual(verdict({ fleets: two, server }).reasons, [
      'generator saturated: of 2,000 messages due the fleet on agent-c sent 68 more than 50 ms late ' +
        '(3.4 %, sound is 1 %), which is its own fault',
    ]);
    const sound = fleetFigures(1100, { load: { late: 10 } });
    assert.equal(verdict(fleets(sound)).verdict, 'passed');
  });

  it('mentions a stall that the percentiles of a closed loop hide', () => {
    const workload = { pacing: 'closed' as const };
    const run = (slowest: number) => {
      const intended = histogramOf(1100, 2, slowest, 5000);
      const latency = madeLatencies({ intended, actual: intended });
      const of = fleets(fleetFigures(1100, { latency }));
      return verdict({
        ...of,
        spec: madeSpec({ workload: { ...madeSpec().workload, ...workload } }),
      });
    };
    assert.deepEqual(run(0).reasons, [PASSED]);
    assert.match(run(1).reasons[1] ?? '', /^closed loop, .* the longest echo took 5.* s, p99 is 2/);
  });

  it('fails a server that leaks, however late the fleet was', () => {
    const windows = serverWindows(60, (index) => ({ workingSetBytes: 50_000_000 + index * 1000 }));
    const server = { ...serverResult(), series: { windowSeconds: 1, windows } };
    const late = fleets(fleetFigures(1100, { load: { late: 50 } }));
    const judged = verdict({ ...late, server }, 'drift.workingSet < 0.1MB/h');
    assert.equal(judged.verdict, 'failed');
    assert.match(judged.reasons[0] ?? '', /^drift\.workingSet is .*, wanted drift\.workingSet < /);
    assert.match(judged.reasons[1] ?? '', /^generator saturated: /);
    assert.equal(judged.loadSound, false);
    // A latency says nothing under another load than requested.
    const slow = verdict(
      { ...late, server },
      'drift.workingSet < 10MB/h',
      'echo.latency.p99 < 1us',
    );
    assert.equal(slow.verdict, 'inconclusive');
  });

  it('fails a server that held back more than a percent of what was due', () => {
    const held = (count: number) => fleets(fleetFigures(1100, { unsent: { held: count } }));
    assert.equal(verdict(held(10)).verdict, 'passed');
    assert.deepEqual(verdict(held(100)), {
      verdict: 'failed',
      reasons: [
        'achieved.rate is 90.9 % of 1,100 due: 100 waited for room in their session to the end, ' +
          'wanted achieved.rate >= 99%',
      ],
      loadSound: true,
    });
    assert.equal(verdict(held(100), 'achieved.rate >= 90%').verdict, 'passed');
  });

  it('names every threshold that a server with errors missed as well', () => {
    const slow = (sent: number, corrupt = 0) =>
      fleetFigures(sent, { latencyMs: 80, errors: { corrupt } });
    const wrong = fleets(slow(1100, 2), slow(100));
    const { reasons } = verdict(wrong, 'echo.latency.p99 < 50ms', 'echo.latency.max < 1s');
    assert.match(
      reasons.join('\n'),
      /^errors\.corrupt is 2, .*\necho\.latency\.p99 is \S+ ms, .*$/,
    );
  });

  it('does not count messages that churn and slow readers omit on purpose', () => {
    const left = fleets(fleetFigures(1100, { unsent: { churn: 300, slowReader: 200 } }));
    assert.equal(verdict(left).verdict, 'passed');
  });

  it('reports sessions that were not connected, besides the counted errors', () => {
    const lost = fleetFigures(1100, {
      errors: { connectTimedOut: 8 },
      unsent: { connecting: 1000 },
      live: 5,
    });
    const judged = verdict(fleets(lost));
    assert.equal(judged.verdict, 'failed');
    assert.match(judged.reasons.join('; '), /connectTimedOut is 8/);
    assert.match(judged.reasons.join('; '), /50 % of 2,000 due: 1,000 had no connected session/);
    assert.match(judged.reasons.join('; '), /5 of 10 sessions were connected/);
  });

  it('compares the latency of the measurement only with its limit', () => {
    const end = fleetFigures(1100, { latencyMs: 80 });
    const slow = fleets(end, fleetFigures(100, { latency: madeLatencies({}) }));
    const judged = verdict(slow, 'echo.latency.p99 < 50ms', 'echo.latency.max < 1s');
    assert.equal(judged.verdict, 'failed');
    assert.equal(judged.reasons.length, 1);
    assert.match(
      judged.reasons[0] ?? '',
      /^echo.latency.p99 is 80\.\d+ ms, wanted echo.latency.p99 < 50ms$/,
    );
    assert.equal(verdict({}, 'echo.latency.p99 < 50ms').verdict, 'passed');
  });

  it('has a figure for every metric that a threshold may name', () => {
    for (const name of THRESHOLD_METRICS) {
      if (name.startsWith('drift.')) continue;
      const unit = name.includes('latency') ? 'ms' : name.startsWith('achieved') ? '%' : '';
      const timed = { count: 1000, untimed: 0, latency: histogram(1000) };
      const deliveries = { ...timed, ticks: { ...timed, clock: 'shared' as const } };
      const run = fleets(fleetFigures(1100, { deliveries }));
      assert.equal(verdict(run, `${name} >= 0${unit}`).verdict, 'passed', name);
    }
  });

  it('puts errors before a saturated generator: a wrong echo is wrong under any load', () => {
    const both = fleetFigures(1100, { unsent: { fleet: 900 }, errors: { duplicate: 1 } });
    assert.deepEqual(verdict(fleets(both)), {
      verdict: 'failed',
      reasons: [
        'errors.duplicate is 1, wanted errors.duplicate == 0; 1,000 echoes measured',
        'generator saturated: of 1,900 messages due the fleet on agent-b never sent 900 (47.36 %, ' +
          'sound is 1 %), which is its own fault',
      ],
      loadSound: false,
    });
    const late = fleetFigures(1100, { unsent: { fleet: 900 } });
    const slow = verdict(fleets(late), 'echo.latency.p99 < 1ms', 'achieved.rate >= 99%');
    assert.equal(slow.verdict, 'inconclusive', "neither latency nor rate is the server's alone");
  });

  it('does not look at the run that it judges', () => {
    const run = madeResult().run;
    const done = verdict({ run: { ...run, runId: madeRun().runId, state: 'done' } });
    assert.equal(done.verdict, 'passed');
  });
});

describe('whether the load was sound', () => {
  const sound = (...given: Parameters<typeof verdict>) => {
    const { verdict: word, loadSound } = verdict(...given);
    return [word, loadSound];
  };

  it('does not depend on thresholds that were missed or undecided', () => {
    assert.deepEqual(sound({}, 'echo.latency.p99 < 1us'), ['failed', true]);
    assert.deepEqual(sound({}, 'drift.p99 < 1us/h'), ['inconclusive', true]);
    const corrupt = fleetFigures(1100, { errors: { corrupt: 1 } });
    assert.deepEqual(sound(fleets(corrupt)), ['failed', true]);
  });

  it('is false if the fleet did not send, nothing was measured or a member is missing', () => {
    const saturated = fleetFigures(1100, { unsent: { fleet: 900 } });
    assert.deepEqual(sound(fleets(saturated)), ['inconclusive', false]);
    const both = fleetFigures(1100, { unsent: { fleet: 900 }, errors: { corrupt: 1 } });
    assert.deepEqual(sound(fleets(both)), ['failed', false]);
    assert.deepEqual(sound(fleets(fleetFigures(100))), ['inconclusive', false]);
    assert.deepEqual(sound({ server: null }), ['inconclusive', false]);
  });

  it('is false for a run that ended early, for any reason', () => {
    for (const ended of ['cancelled', 'failed', 'inconclusive'] as const) {
      const { judgement } = judge(madeResult(), [], { verdict: ended, reason: 'made' });
      assert.equal(judgement.loadSound, false);
    }
  });
});

describe('worst', () => {
  it('is failed before inconclusive before cancelled before passed', () => {
    assert.equal(worst(['passed', 'cancelled', 'inconclusive', 'failed']), 'failed');
    assert.equal(worst(['passed', 'cancelled', 'inconclusive']), 'inconclusive');
    assert.equal(worst(['passed', 'cancelled']), 'cancelled');
    assert.equal(worst(['passed']), 'passed');
    assert.equal(worst([]), null);
  });
});
