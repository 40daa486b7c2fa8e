import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '@oversoak/contracts';
import { Samples } from '../../src/redis/samples.ts';

const sample = (sinceStartSeconds: number): Sample => ({
  runId: 'run-a',
  epoch: 1,
  agentId: 'agent-1',
  role: 'server',
  atMs: 1,
  phase: 'measuring',
  sinceStartSeconds,
});

describe('samples', () => {
  it('wait in order while Redis is unavailable; the oldest beyond the bound are dropped', async () => {
    const delivered: number[] = [];
    let reachable = false;
    const all = Promise.withResolvers<void>();
    const xadd = async (...args: unknown[]) => {
      if (!reachable) throw new Error('Redis is away');
      assert.equal(args[0], 'oversoak:agent:agent-1:samples');
      delivered.push(JSON.parse(String(args.at(-1))).sinceStartSeconds);
      if (delivered.length === 3) all.resolve();
    };
    const redis = { xadd } as unknown as ConstructorParameters<typeof Samples>[0];
    const samples = new Samples(redis, 'agent-1', 3);
    for (const second of [1, 2, 3, 4, 5]) {
      samples.add(sample(second));
      await new Promise(setImmediate);
    }
    assert.deepEqual(samples.counts, { delivered: 0, dropped: 2 });
    reachable = true;
    samples.deliver();
    await all.promise;
    assert.deepEqual(delivered, [3, 4, 5]);
    samples.close();
  });
});
