import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Trend, TrendState } from '@oversoak/contracts';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import type { RegressionCount } from '../../src/store/regressions.ts';
import { Regressions } from '../../src/telemetry/regressions.ts';

const trend = (...states: TrendState[]): Trend => ({
  ...{ schedule: 'night', platform: [], notes: [], regression: states.includes('regression') },
  base: { sinceSoakId: 'soak-1', sinceTickAtMs: 0, pinned: null },
  series: states.map((state) => ({
    ...{ cell: 'c', metric: 'echo.latency.p99', unit: 'us', base: null, points: [] },
    ...{ state, change: null },
  })),
});

function desk(exports = true) {
  const stored = new Map<string, RegressionCount>();
  const computed: string[] = [];
  const state = { version: '1', names: ['night'], fails: false };
  const regressions = new Regressions({
    counts: {
      all: async () => new Map(stored),
      put: async (name, count) => void stored.set(name, count),
      delete: async (name) => void stored.delete(name),
    },
    schedules: async () => state.names,
    trends: {
      version: async () => state.version,
      trend: async (name) => {
        computed.push(name);
        if (state.fails) throw new Error('a night is broken');
        return name === 'empty' ? null : trend('regression', 'suspect', 'none', 'regression');
      },
    },
    exports: () => exports,
    log: silentLog,
  });
  return { stored, computed, state, pass: () => regressions.pass() };
}

it('a trend is computed once for each night and each pin, and suspects do not count', async () => {
  const { stored, computed, state, pass } = desk();
  await pass();
  await pass();
  assert.deepEqual(Object.fromEntries(stored), { night: { version: '1', figures: 2 } });
  assert.equal(computed.length, 1);
  state.version = '2';
  await pass();
  assert.equal(computed.length, 2);
  assert.equal(stored.get('night')?.version, '2');
});

it('a trend that cannot be computed is not retried in every pass', async () => {
  const { stored, computed, state, pass } = desk();
  state.fails = true;
  await pass();
  await pass();
  assert.deepEqual(stored.get('night'), { version: '1', figures: null });
  assert.equal(computed.length, 1);
});

it('a schedule without a night has no trend, and a deleted one is removed', async () => {
  const { stored, state, pass } = desk();
  await pass();
  state.names = ['empty'];
  await pass();
  assert.deepEqual(Object.fromEntries(stored), { empty: { version: '1', figures: null } });
});

it('only the exporting control plane computes the trends', async () => {
  const { computed, pass } = desk(false);
  await pass();
  assert.deepEqual(computed, []);
});
