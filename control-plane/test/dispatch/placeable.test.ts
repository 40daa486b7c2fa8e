import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { madeAgent } from '@oversoak/testing/builders/made-agents';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { needsKey, placeableOn, whoTheyAre } from '../../src/dispatch/placeable.ts';

const run = (fleets: number, sessions = 10) => ({
  cell: { notifier: 'iocp', layout: 'homo', sessions } as const,
  spec: madeSpec({ fleet: { agents: fleets, threads: 1 } }),
});

describe('placeableOn', () => {
  it('answers by what the agents are able to, not by what they do', () => {
    const busy = [madeAgent('a', {}, 1), madeAgent('b', {}, 1)];
    const isPlaceable = placeableOn(busy);
    for (let again = 0; again < 2; again += 1) {
      assert.equal(isPlaceable(run(1)), true);
      assert.equal(isPlaceable(run(2)), false);
    }
  });

  it('tells runs apart that need different agents', () => {
    assert.equal(needsKey(run(1)), needsKey(run(1)));
    assert.notEqual(needsKey(run(1)), needsKey(run(2)));
    assert.notEqual(needsKey(run(1)), needsKey(run(1, 20)));
  });

  it('is valid until an agent comes, goes, is lost or registers anew', () => {
    const [a, b] = [madeAgent('a'), madeAgent('b')];
    const who = whoTheyAre([a, b]);
    assert.equal(whoTheyAre([{ ...a, slotsUsed: 1, draining: true }, b]), who);
    assert.notEqual(whoTheyAre([a]), who);
    assert.notEqual(whoTheyAre([{ ...a, live: false }, b]), who);
    assert.notEqual(whoTheyAre([madeAgent('a', { incarnation: 'a-2' }), b]), who);
  });
});
