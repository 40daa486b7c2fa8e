import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomLcg, randomNormal } from 'd3-random';
import { bendOf } from '../../src/judge/bend.ts';

const SERIES = 1000;
const POINTS = 60;
/** Beyond it 1.6 % of a normal distribution lie. */
const LIMIT = 2.4;

const source = randomLcg(0.31);
const normal = randomNormal.source(source)(0, 1);

const white = () => Array.from({ length: POINTS }, () => normal());

function walk(): number[] {
  let value = 0;
  return Array.from({ length: POINTS }, () => {
    value += normal();
    return value;
  });
}

const sum = (...all: readonly number[][]) =>
  Array.from({ length: POINTS }, (_, i) => all.reduce((total, one) => total + (one[i] ?? 0), 0));

const line = (perPoint: number) => Array.from({ length: POINTS }, (_, i) => perPoint * i);
const arch = (height: number) =>
  Array.from({ length: POINTS }, (_, i) => height * Math.sin((Math.PI * (i + 0.5)) / POINTS));
const scaled = (factor: number, values: readonly number[]) => values.map((v) => factor * v);

/** Percent of the series of which the term is beyond the limit. */
function beyond(term: 'bend' | 'turn', make: () => number[]): number {
  let count = 0;
  for (let made = 0; made < SERIES; made += 1) {
    const points = make().map((value, index) => ({ atHours: index / POINTS, value }));
    if (Math.abs(bendOf(points)[term]) > LIMIT) count += 1;
  }
  return (100 * count) / SERIES;
}

describe('a bend', () => {
  for (const [what, make] of [
    ['white noise on a line', () => sum(line(3), white())],
    ['a walk on a line', () => sum(line(3), walk())],
    ['a walk with a little noise', () => sum(line(3), walk(), scaled(0.3, white()))],
  ] as const) {
    it(`is rarely seen in ${what}`, () => {
      const [bend, turn] = [beyond('bend', make), beyond('turn', make)];
      assert.ok(bend < 7 && turn < 7, `bend ${bend} %, turn ${turn} %`);
    });
  }

  it('is seen where there is one', () => {
    const [noise, walks] = [
      beyond('bend', () => sum(line(3), arch(3), white())),
      beyond('bend', () => sum(line(3), arch(60), walk())),
    ];
    assert.ok(noise > 95 && walks > 95, `in noise ${noise} %, in a walk ${walks} %`);
  });
});
