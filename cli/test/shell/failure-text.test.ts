import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CannotRun } from '../../src/shell/failure.ts';
import { failureText } from '../../src/shell/failure-text.ts';

test('a mistake of the user and a refusal of the system are reported without a stack', async () => {
  assert.equal(failureText(new CannotRun('no such soak')), 'oversoak: no such soak');
  const refused: unknown = await readFile('/none/compose.yaml').catch((error: unknown) => error);
  assert.match(failureText(refused), /^oversoak: ENOENT: no such file.*'\/none\/compose\.yaml'$/);
  const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/x'"), {
    code: 'EACCES',
  });
  assert.equal(failureText(denied), "oversoak: EACCES: permission denied, mkdir '/x'");
});

test('anything else is reported as a defect, with its stack', () => {
  const text = failureText(new TypeError('x is not a function'));
  assert.match(
    text,
    /^oversoak: this is a defect of oversoak itself:\nTypeError: x is not[\s\S]*at /,
  );
});
