import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FIGURES, JUDGED_FIGURES, ownUnit } from '../../src/figures/figure.ts';
import {
  isAbout,
  isAsPredicted,
  type Prediction,
  parsePrediction,
  predictedText,
} from '../../src/spec/prediction.ts';
import { PredictionSpec } from '../../src/spec/soak-spec.ts';
import { THRESHOLD_METRICS } from '../../src/spec/threshold.ts';
import { schemaProblems } from '../../src/values/validation.ts';

function parsed(given: PredictionSpec): Prediction {
  assert.deepEqual(schemaProblems(PredictionSpec, given), []);
  const result = parsePrediction(given);
  if ('error' in result) assert.fail(result.error);
  return result.prediction;
}

const error = (text: string) => {
  const result = parsePrediction(text);
  return 'error' in result ? result.error : assert.fail(`"${text}" was taken`);
};

describe('parsePrediction', () => {
  it('reads figure, operator, value and tolerance, in the unit of the figure', () => {
    for (const [text, operator, value, tolerance] of [
      ['server.sessionsPerIoThread = 63', '=', 63, 3.15],
      ['server.wakesPerEcho = 2 ± 20%', '=', 2, 0.4],
      ['server.wakesPerEcho=2±0.5', '=', 2, 0.5],
      ['server.wakesPerEcho = 2 +- 20%', '=', 2, 0.4],
      ['echo.latency.p99 = 5ms ± 1ms', '=', 5000, 1000],
      ['echo.latency.p99 < 5ms', '<', 5000, 0],
      ['server.workingSet <= 100MB', '<=', 100 * 1024 * 1024, 0],
      ['server.ioThreads == 2', '==', 2, 0],
      ['echo.rate > 800/s', '>', 800, 0],
      ['server.sendsAtOnce >= 99%', '>=', 99, 0],
      ['achieved.rate = 99% ± 1%', '=', 99, 0.99],
      ['errors.total = 0', '=', 0, 0],
      ['echo.stage.network+wake < 2ms', '<', 2000, 0],
    ] as const) {
      const prediction = parsed(text);
      assert.deepEqual(
        [prediction.operator, prediction.value, prediction.tolerance],
        [operator, value, tolerance],
        text,
      );
    }
  });

  it('refuses what it cannot read, and names what is valid', () => {
    assert.match(error('server.wakesPerEcho about 2'), /^expected "figure operator number unit/);
    const unknown = error('server.wakes = 2');
    assert.match(unknown, /^unknown figure "server\.wakes"; valid: echo\.latency\.p50, .*wakesPer/);
    for (const name of Object.keys(FIGURES)) assert.ok(unknown.includes(name));
    assert.match(error('toString = 2'), /^unknown figure "toString"/);
    assert.match(error('echo.latency.p99 < 5'), /takes us, ms, s, not a number without a unit/);
    assert.match(error('server.wakesPerEcho = 2ms'), /takes no unit, not "ms"/);
    assert.match(
      error('echo.latency.p99 = 5ms ± 1'),
      /takes us, ms, s, not a number without a unit/,
    );
    assert.match(error('server.wakesPerEcho < 2 ± 1'), /"±" goes with "=", not with "<"/);
  });

  it('may apply to some cells only', () => {
    const event = parsed({ predict: 'server.ioThreads = 2', notifier: 'event', sessions: 126 });
    const cell = { notifier: 'event', layout: 'homo', sessions: 126 } as const;
    assert.ok(isAbout(event, cell));
    assert.ok(!isAbout(event, { ...cell, sessions: 63 }));
    assert.ok(!isAbout(event, { ...cell, notifier: 'iocp' }));
    assert.ok(!isAbout(event, { ...cell, notifier: null, layout: null }));
    assert.ok(isAbout(parsed('server.ioThreads = 2'), { ...cell, notifier: null, layout: null }));
    const [problem] = schemaProblems(PredictionSpec, { predict: 'x', notifier: 'kqueue' });
    assert.ok(problem !== undefined);
  });
});

describe('isAsPredicted', () => {
  it('holds "=" with its tolerance, both ends included, and the others exactly', () => {
    for (const [text, actual, expected] of [
      ['server.wakesPerEcho = 2 ± 20%', 1.6, true],
      ['server.wakesPerEcho = 2 ± 20%', 2.4, true],
      ['server.wakesPerEcho = 2 ± 20%', 1.59, false],
      ['server.wakesPerEcho = 2 ± 20%', 2.41, false],
      ['server.wakesPerEcho = 2', 2.1, true],
      ['server.wakesPerEcho = 2', 2.11, false],
      ['server.wakesPerEcho == 2', 2, true],
      ['server.wakesPerEcho == 2', 2.001, false],
      ['errors.total = 0', 0, true],
      ['errors.total = 0', 1, false],
      ['server.ioThreads < 2', 2, false],
      ['server.ioThreads <= 2', 2, true],
      ['server.ioThreads > 2', 2, false],
      ['server.ioThreads >= 2', 2, true],
    ] as const) {
      assert.equal(isAsPredicted(parsed(text), actual), expected, `${text}: ${actual}`);
    }
  });
});

describe('predictedText', () => {
  it('is as written, with the default tolerance', () => {
    for (const [text, expected] of [
      ['server.wakesPerEcho = 2 +- 20%', '= 2 ± 20%'],
      [' server.wakesPerEcho = 2', '= 2 ± 5%'],
      ['echo.latency.p99 < 5ms', '< 5ms'],
      ['server.ioThreads == 2', '== 2'],
    ] as const) {
      assert.equal(predictedText(parsed(text)), expected);
    }
  });
});

describe('FIGURES', () => {
  it('has every threshold metric and more, each with a description and a unit', () => {
    assert.deepEqual(THRESHOLD_METRICS, Object.keys(JUDGED_FIGURES));
    for (const name of THRESHOLD_METRICS) assert.ok(Object.hasOwn(FIGURES, name), name);
    for (const [name, { what }] of Object.entries(FIGURES)) {
      assert.match(name, /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9+-]*)+$/);
      assert.ok(what.length > 10, name);
    }
    assert.equal(ownUnit('echo.latency.p99'), 'us');
    assert.equal(ownUnit('server.wakesPerEcho'), '');
    assert.equal(ownUnit('server.workingSet'), 'B');
  });
});
