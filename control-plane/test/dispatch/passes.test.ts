import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Passes } from '../../src/dispatch/passes.ts';

/** Passes of 30 ms each; `during`: what happens in the pass with this number, from 1. */
function passing(during: (pass: number, passes: Passes) => void) {
  const seen = { passes: 0, pausesMs: [] as number[] };
  let nowMs = 0;
  const pass = async () => {
    nowMs += 30;
    during(++seen.passes, passes);
  };
  const pause = async (ms: number) => {
    seen.pausesMs.push(ms);
    nowMs += ms;
  };
  const passes = new Passes(pass, { nowMs: () => nowMs, pause });
  return { seen, passes };
}

describe('passes over the queue', () => {
  it('have four times as much time between them as one takes, where one is always requested', async () => {
    const { seen, passes } = passing((pass, again) => {
      if (pass < 4) void again.request();
    });
    await passes.request();
    assert.deepEqual(seen, { passes: 4, pausesMs: [120, 120, 120] });
  });

  it('begin at once where none is under way', async () => {
    const { seen, passes } = passing(() => {});
    await passes.request();
    await passes.request();
    assert.deepEqual(seen, { passes: 2, pausesMs: [] });
  });

  it('are one for all requests during another, whose callers do not wait', async () => {
    const { seen, passes } = passing((pass, again) => {
      if (pass === 1) for (let request = 0; request < 10; request++) void again.request();
    });
    const first = passes.request();
    await passes.request();
    assert.ok(seen.passes < 2);
    await first;
    assert.equal(seen.passes, 2);
  });

  it('go on after one that failed', async () => {
    const { seen, passes } = passing((pass) => {
      if (pass === 1) throw new Error('Redis is away');
    });
    await assert.rejects(passes.request(), /Redis is away/);
    await passes.request();
    assert.equal(seen.passes, 2);
  });
});
