import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsOf } from '../src/viewers/bench.ts';

test('a viewer costs its share of what is used more with viewers than without', () => {
  const round = (controlPlane: number, agents: number) => ({ controlPlane, agents });
  const rounds = [
    { without: round(0.1, 0.5), with: round(0.3, 0.5) },
    { without: round(0.1, 0.5), with: round(0.5, 0.7) },
  ];
  const { controlPlane, agents } = costsOf(rounds, 20);
  assert.deepEqual(
    [controlPlane, agents].map((costs) => costs.map((cost) => Number(cost.toFixed(6)))),
    [
      [0.01, 0.02],
      [0, 0.01],
    ],
  );
});
