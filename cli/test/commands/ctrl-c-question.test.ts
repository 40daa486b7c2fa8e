import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soak } from '@oversoak/testing/builders/soaks';
import { ApiUnreachable } from '../../src/api/problem.ts';
import { CancelOverdue, CtrlCQuestion, readChoice } from '../../src/commands/ctrl-c-question.ts';
import { Interrupted } from '../../src/shell/failure.ts';
import { Interrupts } from '../../src/shell/interrupts.ts';
import type { Ask } from '../../src/shell/terminal.ts';
import { plainTerminal } from '../plain-terminal.ts';

test('an answer is a letter or the word; no answer detaches; after anything else the question is repeated', () => {
  const answers = [' C', 'cancel', 'd', 'Detach', '', '  ', null, 'x', 'cd'] as const;
  assert.deepEqual(answers.map(readChoice), [
    ...['cancel', 'cancel', 'detach', 'detach', 'watch', 'watch', 'detach'],
    ...[undefined, undefined],
  ]);
});

/** A question whose answers come from a list; `undefined`: nobody answers. */
function questionWith(answers: (string | null | undefined)[], cancel = async () => soak([])) {
  const calls: string[] = [];
  const terminal = plainTerminal();
  const interrupts = new Interrupts();
  const client = {
    cancel: (soakId: string) => {
      calls.push(`cancel ${soakId}`);
      return cancel();
    },
  };
  const view = { pause: () => calls.push('pause'), resume: () => calls.push('resume') };
  const ask: Ask = async (_, signal) => {
    calls.push('ask');
    const answer = answers.shift();
    if (answer !== undefined) return answer;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
  };
  const watched = { soakId: 'soak-1', client, view, terminal, interrupts };
  const question = new CtrlCQuestion(watched, ask, 20);
  return { question, calls, terminal, interrupts };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('Enter continues watching, and the next Ctrl-C asks again', async () => {
  const { question, calls, interrupts } = questionWith(['', 'what?', '']);
  question.press();
  await settled();
  question.press();
  await settled();
  question.end();
  assert.deepEqual(calls, ['pause', 'ask', 'resume', 'pause', 'ask', 'ask', 'resume']);
  assert.equal(interrupts.signal.aborted, false);
});

test('"d" and Ctrl-C at the question detach without a change to the soak', async () => {
  for (const answer of ['d', null]) {
    const { question, calls, interrupts } = questionWith([answer]);
    question.press();
    await settled();
    question.end();
    assert.deepEqual(calls, ['pause', 'ask']);
    assert.ok(interrupts.signal.reason instanceof Interrupted);
  }
});

test('a signal during the question detaches at once', async () => {
  const { question, calls, interrupts } = questionWith([undefined]);
  question.press();
  question.press();
  await settled();
  question.end();
  assert.ok(interrupts.signal.aborted);
  assert.deepEqual(calls, ['pause', 'ask']);
});

test('the question ends when the soak is done', async () => {
  const { question, calls, interrupts, terminal } = questionWith([undefined]);
  question.press();
  question.end();
  await settled();
  assert.deepEqual([calls, terminal.text()], [['pause', 'ask'], '']);
  assert.equal(interrupts.signal.aborted, false);
});

test('"c" cancels and continues watching; a soak that does not end in time is abandoned', async () => {
  const { question, calls, terminal } = questionWith(['c']);
  question.press();
  await new Promise((resolve) => question.gaveUp.addEventListener('abort', resolve));
  question.end();
  assert.deepEqual(calls, ['pause', 'ask', 'cancel soak-1', 'resume']);
  assert.match(terminal.text(), /^Cancelling soak-1 \(Ctrl-C again: detach\) \.\.\.\n$/);
  assert.ok(question.gaveUp.reason instanceof CancelOverdue);
  assert.match(
    question.gaveUp.reason.message,
    /soak-1 was cancelled but has not ended within 0.02 s/,
  );
});

test('Ctrl-C after the cancel detaches, and the cancel remains in effect', async () => {
  const { question, interrupts } = questionWith(['c']);
  assert.equal(question.isCancelling, false);
  question.press();
  await settled();
  question.press();
  question.end();
  assert.ok(interrupts.signal.aborted);
  assert.equal(question.isCancelling, true);
});

test('nothing is drawn after a soak is done, even if the cancel is not answered yet', async () => {
  const answer = Promise.withResolvers<ReturnType<typeof soak>>();
  const { question, calls } = questionWith(['c'], () => answer.promise);
  question.press();
  await settled();
  question.end();
  answer.resolve(soak([]));
  await settled();
  assert.deepEqual(calls, ['pause', 'ask', 'cancel soak-1']);
});

test('a cancel that does not reach the API is reported, and can be requested again', async () => {
  const { question, calls, terminal } = questionWith(['c', ''], async () => {
    throw new ApiUnreachable('cannot reach the API');
  });
  question.press();
  await settled();
  question.press();
  await settled();
  question.end();
  assert.match(terminal.errors(), /the soak continues: cannot reach the API/);
  assert.deepEqual(calls, ['pause', 'ask', 'cancel soak-1', 'resume', 'pause', 'ask', 'resume']);
});
