import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplyError } from 'ioredis';
import { UnusableAgentKeys, withKeysOf } from '../../src/model/agent-keys.ts';

const failure = async (error: Error) =>
  await withKeysOf('agent-r', Promise.reject(error)).catch((thrown: unknown) => thrown);

test('what does not fit the keys of an agent is its own failure', async () => {
  for (const text of [
    'WRONGTYPE Operation against a key holding the wrong kind of value script: 1, on @user_script:9.',
    'ERR Error running script (call to f_1): @user_script:9: WRONGTYPE Operation against a key',
    'ERR value is not an integer or out of range',
  ]) {
    const thrown = await failure(new ReplyError(text));
    assert.ok(thrown instanceof UnusableAgentKeys, text);
    assert.match(thrown.message, /agent-r/);
  }
});

test('what is wrong with Redis stays so', async () => {
  for (const error of [
    new ReplyError("OOM command not allowed when used memory > 'maxmemory'."),
    new ReplyError(
      'ERR Error running script (call to f_1): @user_script:9: -OOM command not allowed',
    ),
    new ReplyError('BUSY Redis is busy running a script'),
    new ReplyError('NOPERM this user has no permissions'),
    new Error('Connection is closed.'),
  ]) {
    assert.equal(await failure(error), error);
  }
});
