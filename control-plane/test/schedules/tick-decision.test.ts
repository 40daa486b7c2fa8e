import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideTick } from '../../src/schedules/tick-decision.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const tickAtMs = Date.parse('2027-01-02T02:00Z');
const open = { soakId: 'soak-1', done: false };
const done = { soakId: 'soak-1', done: true };

for (const [what, missed, overlap, last, lateMs, expected] of [
  ['a tick in time', 0, 'skip', null, 20, ['tick', 'pending', '']],
  ['a minute later', 0, 'skip', done, MINUTE, ['tick', 'pending', '']],
  [
    'when nobody was there',
    0,
    'skip',
    done,
    3 * HOUR + 5 * MINUTE,
    ['late', 'pending', '3h 5m late: no control plane was running in time'],
  ],
  [
    'when nobody was there for days',
    2,
    'queue',
    null,
    26 * HOUR,
    [
      'late',
      'pending',
      '1d 2h late: no control plane was running in time; 2 ticks before it were missed',
    ],
  ],
  ['the first after a gap', 1, 'skip', null, 0, ['tick', 'pending', '1 tick before it was missed']],
  [
    'more than is counted',
    1000,
    'skip',
    null,
    0,
    ['tick', 'pending', 'at least 1000 ticks before it were missed'],
  ],
  ['while the last soak runs', 0, 'skip', open, 0, ['tick', 'skipped', 'soak-1 is not done']],
  ['while it runs, to be queued', 0, 'queue', open, 0, ['tick', 'pending', '']],
  [
    'late, while it runs',
    0,
    'skip',
    open,
    2 * MINUTE,
    ['late', 'skipped', '2m late: no control plane was running in time; soak-1 is not done'],
  ],
] as const) {
  test(what, () => {
    const decision = decideTick({ tickAtMs, missed }, overlap, last, tickAtMs + lateMs);
    assert.deepEqual([decision.cause, decision.outcome, decision.note], expected);
  });
}
