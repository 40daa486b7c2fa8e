import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTIFIERS_OF, PROBES } from '@oversoak/contracts';
import { capabilities } from '@oversoak/testing/dry/engine';
import { withdraw } from '../../src/probes/withdraw.ts';
import { answerOf } from './answers.ts';

test('a claim that fails withdraws the notifiers that depend on it, and names the claim', () => {
  for (const { name, notifiers } of PROBES) {
    const answers = [answerOf(name, 'does-not-hold', 'expected: so')];
    const left = withdraw(capabilities(), answers).notifiers;
    for (const notifier of left) {
      const withdrawn = (notifiers as readonly string[]).includes(notifier.name);
      assert.equal(notifier.works, !withdrawn, `${name}: ${notifier.name}`);
      const reason = withdrawn ? `probe ${name} does not hold: expected: so` : null;
      assert.equal(notifier.reason, reason);
    }
  }
});

test('a claim that holds or is undecided withdraws nothing', () => {
  const answers = PROBES.map(({ name }, index) =>
    answerOf(name, (['holds', 'unsupported', 'inconclusive'] as const)[index % 3], 'a note'),
  );
  assert.deepEqual(withdraw(capabilities(), answers), capabilities());
});

test('a notifier that did not work before keeps its reason; several reasons are joined', () => {
  const before = capabilities();
  for (const notifier of before.notifiers) {
    if (notifier.name === 'event') Object.assign(notifier, { works: false, reason: 'no echo' });
  }
  const failed = ['wait-takes-64-handles', 'socket-event-stays-signalled'];
  const { notifiers } = withdraw(
    before,
    failed.map((name) => answerOf(name, 'does-not-hold', 'expected: so')),
  );
  assert.deepEqual(
    notifiers.filter(({ works }) => !works),
    [
      { name: 'event', works: false, reason: 'no echo' },
      {
        name: 'event-select',
        works: false,
        reason: failed.map((name) => `probe ${name} does not hold: expected: so`).join('; '),
      },
    ],
  );
  assert.equal(notifiers.length, NOTIFIERS_OF.windows.length);
});
