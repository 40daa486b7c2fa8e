import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorBoundOf } from '../../src/judge/error-bound.ts';
import { boundText } from '../../src/judge/text.ts';

test('no error in n echoes rules out more than 3/n', () => {
  const bound = errorBoundOf(0, 63_555);
  assert.ok(bound !== null);
  assert.equal(bound.upperRate, 3 / 63_555);
  assert.equal(boundText(bound), '0 errors in 63,555 echoes: fewer than 1 in 21,185 at 95 %');
  assert.equal(errorBoundOf(0, 2)?.upperRate, 1);
  const most = errorBoundOf(43, 50);
  assert.ok(most);
  assert.equal(boundText(most), '43 errors in 50 echoes');
});

/** The chance of so many errors at the most, by the binomial distribution itself. */
function chanceOf(errors: number, echoes: number, rate: number): number {
  let term = (1 - rate) ** echoes;
  let chance = term;
  for (let count = 1; count <= errors; count += 1) {
    term *= ((echoes - count + 1) / count) * (rate / (1 - rate));
    chance += term;
  }
  return chance;
}

test('some errors rule out a rate at which so few would have a probability of 5 %', () => {
  for (const [errors, echoes] of [
    [1, 100],
    [5, 100],
    [3, 63_555],
    [12, 1_000_000_000],
  ] as const) {
    const rate = errorBoundOf(errors, echoes)?.upperRate ?? Number.NaN;
    const chance = chanceOf(errors, echoes, rate);
    assert.ok(Math.abs(chance - 0.05) < 1e-5, `${errors} in ${echoes}: ${chance}`);
  }
});

test('as many errors as echoes, or no echo, bound nothing', () => {
  assert.equal(errorBoundOf(7, 7)?.upperRate, 1);
  assert.equal(errorBoundOf(9, 7)?.upperRate, 1);
  assert.equal(errorBoundOf(0, 0), null);
});
