import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOUNDS } from '@oversoak/contracts';
import { Deliveries } from '../../src/routes/deliveries.ts';

const { perAgent, ofAll } = BOUNDS.telemetry;

test('an agent has some deliveries under way at a time, and all of them together some more', () => {
  const deliveries = new Deliveries();
  const begun = (agentId: string, count: number) =>
    Array.from({ length: count }, () => deliveries.begin(agentId)).filter(Boolean).length;
  assert.equal(begun('a', perAgent + 2), perAgent);
  deliveries.end('a');
  assert.equal(begun('a', 2), 1, 'what has ended makes room for one');
  const agents = ofAll / perAgent;
  for (let agent = 1; agent < agents; agent += 1) assert.equal(begun(`b-${agent}`, 9), perAgent);
  assert.equal(begun('last', 1), 0);
  deliveries.end('b-1');
  assert.equal(begun('last', 1), 1);
});
