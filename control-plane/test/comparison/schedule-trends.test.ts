import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Baseline } from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { madeNights, NIGHT_CELL } from '@oversoak/testing/builders/made-nights';
import { fingerprint } from '../../src/comparison/night.ts';
import { ScheduleTrends } from '../../src/comparison/schedule-trends.ts';

const spec = madeSpec();
const schedule = {
  ...{ name: 'nightly', cron: '0 2 * * *', timeZone: 'UTC', enabled: true },
  ...{ overlap: 'skip' as const, confirmSuspects: true, createdAtMs: 0, updatedAtMs: 0, spec },
};

/** Twenty still nights and two that are worse; the last of them is suspect. */
function desk() {
  const values = Array.from({ length: 22 }, (_, index) => (index < 20 ? 1000 : 1200));
  const state = { baselines: [] as Baseline[], changes: 22 };
  const trends = new ScheduleTrends({
    nights: {
      keep: async () => true,
      list: async () => madeNights(values, { measures: fingerprint(spec) }),
      changes: async () => state.changes,
    },
    baselines: { list: async () => state.baselines },
    runs: { getAll: async () => [], result: async () => null },
  });
  return { state, trends };
}

it('only a soak with the current spec of its schedule can be suspect', async () => {
  const { trends } = desk();
  const suspects = await trends.newSuspects(schedule, 'soak-21');
  assert.deepEqual(suspects, [`echo.latency.p99 of ${NIGHT_CELL}`]);
  assert.deepEqual(await trends.newSuspects(schedule, 'soak-20'), []);
  const changed = { ...schedule, spec: madeSpec({ repeats: 7 }) };
  assert.deepEqual(await trends.newSuspects(changed, 'soak-21'), []);
});

it('a trend has another version with each night, and with each pin for its schedule', async () => {
  const { state, trends } = desk();
  const pin = (pinnedAtMs: number, of: string | null): Baseline => ({
    ...{ name: `pin-${pinnedAtMs}`, soakId: 'soak-5', note: '', pinnedAtMs, schedule: of },
  });
  const versions = [await trends.version('nightly')];
  state.baselines = [pin(1, 'other'), pin(2, null)];
  assert.equal(await trends.version('nightly'), versions[0]);
  for (const baselines of [[pin(3, 'nightly')], [pin(4, 'nightly')]]) {
    state.baselines = baselines;
    versions.push(await trends.version('nightly'));
  }
  state.changes = 23;
  versions.push(await trends.version('nightly'));
  assert.equal(new Set(versions).size, 4);
});
