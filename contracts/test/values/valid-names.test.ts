import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrediction, parseThreshold, SoakSpec, schemaProblems } from '../../src/index.ts';
import { validNames } from '../../src/values/valid-names.ts';

test('a name with a slip is asked for, behind all that are valid', () => {
  const names = ['matrix', 'workload', 'seed', 'warmUpSeconds'];
  const all = 'valid: matrix, workload, seed, warmUpSeconds';
  for (const [given, meant] of [
    ['matrx', '; did you mean "matrix"?'],
    ['Workload', '; did you mean "workload"?'],
    ['warmupSeconds', '; did you mean "warmUpSeconds"?'],
    ['sed', '; did you mean "seed"?'],
    ['sd', ''],
    ['colour', ''],
    ['m'.repeat(10_000), ''],
  ] as const) {
    assert.equal(validNames(given, names), all + meant);
  }
  assert.match(validNames('p98', ['p90', 'p99', 'max']), /; did you mean "p90" or "p99"\?$/);
});

test('properties, metrics and figures are asked for', () => {
  const [problem] = schemaProblems(SoakSpec.properties.phases, {
    ...{ rampUpSeconds: 1, warmUpSeconds: 1, measureSeconds: 1, drainSeconds: 1, measureSecond: 1 },
  });
  assert.match(problem?.detail ?? '', /; did you mean "measureSeconds"\?$/);
  const threshold = parseThreshold('achieved.rat >= 99%');
  assert.ok('error' in threshold);
  assert.match(threshold.error, /; did you mean "achieved.rate"\?$/);
  const prediction = parsePrediction('server.wakePerEcho = 2');
  assert.ok('error' in prediction);
  assert.match(prediction.error, /; did you mean "server.wakesPerEcho"\?$/);
});

test('a threshold without an operator that is one is told which there are', () => {
  const threshold = parseThreshold('errors.total = 0');
  assert.ok('error' in threshold);
  assert.match(
    threshold.error,
    /^expected "metric operator number unit .*; operators: <, <=, >, >=, ==$/,
  );
});
