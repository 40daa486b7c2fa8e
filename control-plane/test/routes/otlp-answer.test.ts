import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf } from '../../src/routes/otlp-answer.ts';

test('a sender hears of what it can be the reason of, and tries again after everything else', () => {
  assert.deepEqual(answerOf({ delivered: true }), { status: 200, detail: null });
  const statusOf = (code: number | undefined) => answerOf({ delivered: false, code }).status;
  assert.deepEqual([400, 413].map(statusOf), [400, 413]);
  assert.deepEqual([301, 401, 403, 404, 429, 500, undefined].map(statusOf), Array(7).fill(503));
  assert.match(answerOf({ delivered: false, code: 401 }).detail ?? '', /answered 401$/);
});
