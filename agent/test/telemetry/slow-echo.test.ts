import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlowEcho } from '@oversoak/contracts';
import { latencyNs, shownStages, slowestOf } from '../../src/telemetry/slow-echo.ts';

const echo = (changes: Partial<SlowEcho['stagesNs']> = {}): SlowEcho => ({
  session: 7,
  message: 12,
  intendedMachineMs: 1_000,
  stagesNs: {
    client: 10,
    'network+wake': 301,
    lock: 20,
    queue: 400,
    work: 50,
    send: 6,
    'fan-out': 0,
    ...changes,
  },
});

test('the stages follow one another in the order of an echo and fill its latency', () => {
  const stages = shownStages(echo());
  assert.deepEqual(
    stages.map(({ name, startNs, endNs }) => [name, endNs - startNs]),
    [
      ['client', 10],
      ['network+wake', 150.5],
      ['lock', 20],
      ['queue', 400],
      ['work', 50],
      ['send', 6],
      ['return', 150.5],
    ],
  );
  assert.equal(stages[0]?.startNs, 0);
  for (const [index, { startNs }] of stages.slice(1).entries()) {
    assert.equal(startNs, stages[index]?.endNs);
  }
  assert.equal(stages.at(-1)?.endNs, latencyNs(echo()));
  assert.equal(latencyNs(echo()), 787);
});

test('a message to a zone has its fan-out before the way back', () => {
  const stages = shownStages(echo({ 'fan-out': 9 }));
  assert.deepEqual(
    stages.slice(-2).map(({ name, startNs, endNs }) => [name, endNs - startNs]),
    [
      ['fan-out', 9],
      ['return', 150.5],
    ],
  );
  assert.equal(stages.at(-1)?.endNs, 796);
});

test('only the slowest are exported, slowest first', () => {
  const echoes = [1, 9, 4, 7].map((queue) => echo({ queue }));
  const queues = (most: number) => slowestOf(echoes, most).map(({ stagesNs }) => stagesNs.queue);
  assert.deepEqual(queues(2), [9, 7]);
  assert.deepEqual(queues(16), [9, 7, 4, 1]);
  assert.deepEqual(queues(0), []);
});
