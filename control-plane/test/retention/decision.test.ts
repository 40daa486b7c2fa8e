import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DoneSoak, expired, RETENTION } from '../../src/retention/decision.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1000 * DAY_MS;

const ended = (soakId: string, daysAgo: number, samplesDeleted = false): DoneSoak => ({
  soakId,
  endedAtMs: NOW_MS - daysAgo * DAY_MS,
  samplesDeleted,
});
const decide = (
  done: DoneSoak[],
  settings: Partial<typeof RETENTION> = {},
  pinned: string[] = [],
) => expired(done, new Set(pinned), { ...RETENTION, ...settings }, NOW_MS);

test('a soak is deleted once it is older than the limit', () => {
  const done = [ended('soak-c', 89.9), ended('soak-b', 90), ended('soak-a', 90.1)];
  assert.deepEqual(decide(done).soaks, ['soak-a']);
  assert.deepEqual(decide(done, { days: 1 }).soaks, ['soak-c', 'soak-b', 'soak-a']);
});

test('of too many soaks, those that ended first are deleted, regardless of their ids', () => {
  const done = [ended('soak-a', 1), ended('soak-d', 4), ended('soak-b', 2), ended('soak-c', 3)];
  assert.deepEqual(decide(done, { soaks: 2 }).soaks, ['soak-c', 'soak-d']);
});

test('of two that ended at the same time, the id decides', () => {
  const done = [ended('soak-a', 1), ended('soak-b', 1)];
  assert.deepEqual(decide(done, { soaks: 1 }).soaks, ['soak-a']);
  assert.deepEqual(decide(done.toReversed(), { soaks: 1 }).soaks, ['soak-a']);
});

test('a pinned soak is kept and does not count', () => {
  const done = [ended('soak-a', 400), ended('soak-b', 2), ended('soak-c', 1)];
  assert.deepEqual(decide(done, { soaks: 2 }, ['soak-a']).soaks, []);
  assert.deepEqual(decide(done, { soaks: 2 }).soaks, ['soak-a']);
});

test('samples are deleted before their soak, once, also those of a pinned soak', () => {
  const done = [
    ended('soak-a', 6.9),
    ended('soak-b', 7.1),
    ended('soak-c', 8, true),
    ended('soak-d', 91),
    ended('soak-e', 91),
  ];
  assert.deepEqual(decide(done, {}, ['soak-e']), {
    soaks: ['soak-d'],
    samples: ['soak-b', 'soak-e'],
  });
});
