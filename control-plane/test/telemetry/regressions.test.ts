import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Trend } from '@oversoak/contracts';
import type { RegressionCount } from '../../src/store/regressions.ts';
import { Regressions } from '../../src/telemetry/regressions.ts';
import { silentLog } from '../silent-log.ts';

const trend = (...worse: boolean[]): Trend => ({
  ...{ schedule: 'night', platform: [], notes: [], regression: worse.includes(true) },
  series: worse.map((regression) => ({
    ...{ cell: 'c', metric: 'echo.latency.p99', unit: 'us', band: null, points: [] },
    ...{ regression, improvement: false },
  })),
});

function desk(tells = true) {
  const stored = new Map<string, RegressionCount>();
  const asked: string[] = [];
  const state = { soakId: 'soak-1' as string | null, names: ['night'], fails: false };
  const regressions = new Regressions({
    counts: {
      all: async () => new Map(stored),
      put: async (name, count) => void stored.set(name, count),
      delete: async (name) => void stored.delete(name),
    },
    schedules: async () => state.names,
    lastEnded: async () => ({ verdict: 'passed', soakId: state.soakId }),
    trend: async (name) => {
      asked.push(name);
      if (state.fails) throw new Error('a result is broken');
      return trend(true, false, true);
    },
    tells: () => tells,
    log: silentLog,
  });
  return { stored, asked, state, pass: () => regressions.pass() };
}

it('a trend is worked out once for each soak that is done', async () => {
  const { stored, asked, state, pass } = desk();
  await pass();
  await pass();
  assert.deepEqual(Object.fromEntries(stored), { night: { soakId: 'soak-1', figures: 2 } });
  assert.equal(asked.length, 1);
  state.soakId = 'soak-2';
  await pass();
  assert.equal(asked.length, 2);
  assert.equal(stored.get('night')?.soakId, 'soak-2');
});

it('what cannot be worked out is not tried again and again', async () => {
  const { stored, asked, state, pass } = desk();
  state.fails = true;
  await pass();
  await pass();
  assert.deepEqual(stored.get('night'), { soakId: 'soak-1', figures: null });
  assert.equal(asked.length, 1);
});

it('a schedule without a soak has none, and one that is gone is forgotten', async () => {
  const { stored, asked, state, pass } = desk();
  await pass();
  Object.assign(state, { names: ['other'], soakId: null });
  await pass();
  assert.equal(stored.size, 0);
  assert.equal(asked.length, 1);
});

it('only who tells the figures works them out', async () => {
  const { asked, pass } = desk(false);
  await pass();
  assert.deepEqual(asked, []);
});
