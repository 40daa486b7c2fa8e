import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TickCause } from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { SoakEnds } from '../../src/schedules/soak-ends.ts';
import type { StoredSchedule } from '../../src/store/schedules.ts';

const SOAK = 'soak-1';
const TICK = 86_400_000;

/** The end of one soak of a schedule, whose trend says what `suspects` are. */
function desk() {
  const done: string[] = [];
  const state = {
    ...{ cause: 'tick' as TickCause, enabled: true, confirmSuspects: true, isEntryGone: false },
    ...{ suspects: ['p99 of c'], keepFails: false, isEnded: true },
  };
  const soak = {
    ...{ soakId: SOAK, name: 'made', createdAtMs: 0, runIds: ['run-1'], spec: madeSpec() },
    origin: { kind: 'schedule' as const, schedule: 'nightly', tickAtMs: TICK },
  };
  const verdicts = { passed: 1, failed: 0, inconclusive: 0, cancelled: 0 };
  const progress = {
    ...{ begun: 1, done: 1, verdicts, cancelRequested: false },
    ...{ endedAtMs: 1, samplesDeleted: false },
  };
  const stored = (): StoredSchedule => ({
    schedule: {
      ...{ name: 'nightly', cron: '0 2 * * *', timeZone: 'UTC', overlap: 'skip' },
      ...{ enabled: state.enabled, confirmSuspects: state.confirmSuspects },
      ...{ spec: madeSpec(), createdAtMs: 0, updatedAtMs: 0 },
    },
    ...{ revision: 'r1', tickedUntilMs: TICK, lastSoakId: SOAK },
  });
  const ends = new SoakEnds({
    soaks: {
      get: async () => ({ soak, progress }),
      ended: async () => (state.isEnded ? [SOAK] : []),
      hasEnded: async () => state.isEnded,
      endNotified: async () => {
        state.isEnded = false;
      },
    },
    runs: { getAll: async () => [] },
    schedules: {
      get: async () => stored(),
      entry: async () =>
        state.isEntryGone
          ? null
          : {
              ...{ tickAtMs: TICK, cause: state.cause, outcome: 'submitted', soakId: SOAK },
              ...{ note: '', webhook: null, request: { key: 'k', fingerprint: 'tick' } },
            },
    },
    deliveries: { send: async () => {} },
    ticker: {
      confirm: async (name, tickAtMs, soakId, note) => {
        done.push(`confirm ${name} ${tickAtMs} ${soakId}: ${note}`);
      },
    },
    trends: {
      keep: async (schedule, { soakId }, { tickAtMs, cause }) => {
        if (state.keepFails) throw new Error('a result is broken');
        done.push(`keep ${schedule} ${soakId} ${tickAtMs} ${cause}`);
      },
      newSuspects: async () => state.suspects,
    },
    log: silentLog,
  });
  return { done, state, notify: () => ends.notify(SOAK), pass: () => ends.pass() };
}

const KEPT = `keep nightly ${SOAK} ${TICK} tick`;

describe('the end of a soak of a schedule', () => {
  it('stores its figures once', async () => {
    const { done, state, notify, pass } = desk();
    state.suspects = [];
    await notify();
    await notify();
    await pass();
    assert.deepEqual(done, [KEPT]);
  });

  it('requests a confirming soak when the trend starts to suspect a regression', async () => {
    const { done, state, notify } = desk();
    await notify();
    const why = `${SOAK} suggests a regression: p99 of c`;
    assert.deepEqual(done, [KEPT, `confirm nightly ${TICK} ${SOAK}: ${why}`]);
    Object.assign(state, { isEnded: true, suspects: ['a', 'b', 'c', 'd', 'e'] });
    await notify();
    assert.match(done.at(-1) ?? '', /suggests a regression: a, b, c and 2 more$/);
  });

  for (const [what, changes] of [
    ['where the schedule does not want it', { confirmSuspects: false }],
    ['where it is not enabled', { enabled: false }],
    ['for a soak that confirms', { cause: 'confirm' }],
    ['where nothing is newly suspect', { suspects: [] }],
  ] as const) {
    it(`requests none ${what}`, async () => {
      const { done, state, notify } = desk();
      Object.assign(state, changes);
      await notify();
      assert.equal(done.length, 1);
      assert.match(done[0] ?? '', /^keep /);
    });
  }

  it('skips a result that cannot be read', async () => {
    const { done, state, notify, pass } = desk();
    state.keepFails = true;
    await notify();
    await pass();
    assert.deepEqual([done, state.isEnded], [[], false]);
  });

  it('changes no schedule that was put again since', async () => {
    const { done, state, notify } = desk();
    state.isEntryGone = true;
    await notify();
    assert.deepEqual(done, []);
  });
});
