import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FLEET_NOTIFIER,
  NOTIFIERS,
  NOTIFIERS_OF,
  notifierText,
  PLATFORMS,
  platformOf,
} from '../../src/index.ts';

test('each notifier belongs to one platform, and each platform has one for its fleets', () => {
  for (const platform of PLATFORMS) {
    const own: readonly string[] = NOTIFIERS_OF[platform];
    assert.deepEqual(
      own,
      NOTIFIERS.filter((notifier) => platformOf(notifier) === platform),
    );
    assert.ok(own.includes(FLEET_NOTIFIER[platform]), platform);
  }
  assert.equal(new Set(NOTIFIERS).size, NOTIFIERS.length);
});

test('a notifier is written with its platform', () => {
  assert.deepEqual(
    [notifierText('async-select'), notifierText('io-uring')],
    ['async-select (windows)', 'io-uring (linux)'],
  );
});
