import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ComparedPrediction, type PredictionSpec } from '@oversoak/contracts';
import {
  madeResult,
  serverFigures,
  serverResult,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { comparePredictions, predictionsOf } from '../../src/prediction/compare.ts';

const cell = { notifier: 'iocp', layout: 'homo', sessions: 10 } as const;

/** A repeat with so many wakes for 1,000 echoes. */
function repeat(wakes: number) {
  const end = serverFigures(1100);
  const completions = { total: 2200, batches: 100 + wakes, largestBatch: 4 };
  return madeResult({ server: serverResult({ ...end, completions }) });
}

const compared = (given: PredictionSpec[], results = [repeat(2000)]) => {
  const rows = comparePredictions(cell, results, predictionsOf(given));
  for (const row of rows) assert.deepEqual(Value.Errors(ComparedPrediction, row), []);
  return rows;
};

describe('comparePredictions', () => {
  it('compares the median of the repeats with the prediction', () => {
    const results = [repeat(1500), repeat(2200), repeat(1900)];
    assert.deepEqual(compared(['server.wakesPerEcho = 2 ± 20%'], results), [
      {
        key: 'iocp.homo.10',
        figure: 'server.wakesPerEcho',
        unit: '',
        predicted: { text: '= 2 ± 20%', operator: '=', value: 2, tolerance: 0.4 },
        actual: { median: 1.9, low: 1.5, high: 2.2, runs: 3 },
        difference: -0.050000000000000044,
        outcome: 'as predicted',
      },
    ]);
    const [less] = compared(['server.wakesPerEcho = 2 ± 20%'], [repeat(1000)]);
    assert.equal(less?.outcome, 'not as predicted');
    assert.equal(less?.difference, -0.5);
  });

  it('has no figure if no repeat has one, and no difference from 0', () => {
    const [handles, none] = compared(['server.handlesPerSession = 3', 'errors.total = 0']);
    assert.deepEqual([handles?.actual, handles?.outcome], [null, 'no figure']);
    assert.deepEqual([none?.difference, none?.outcome], [null, 'as predicted']);
    const [nobody] = compared(['server.wakesPerEcho = 2'], []);
    assert.equal(nobody?.outcome, 'no figure');
    const [target] = compared(['server.wakesPerEcho = 2'], [targetResult()]);
    assert.equal(target?.outcome, 'no figure');
  });

  it('covers only the cells of a prediction', () => {
    const rows = compared([
      { predict: 'server.wakesPerEcho = 2', notifier: 'event' },
      { predict: 'server.wakesPerEcho = 1', notifier: 'iocp', sessions: 10 },
    ]);
    assert.deepEqual(
      rows.map(({ predicted }) => predicted.value),
      [1],
    );
    assert.deepEqual(predictionsOf(undefined), []);
  });
});
