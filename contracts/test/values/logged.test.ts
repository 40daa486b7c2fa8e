import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loggedError, loggedLine, withoutSecrets } from '../../src/values/logged.ts';
import { printable, printableWithColours } from '../../src/values/printable.ts';

test('an error is logged without the arguments of its command, whatever it carries', () => {
  const cause = new Error('AUTH failed for redis://ops:hunter2@redis:6379/0');
  const error = Object.assign(new Error('READONLY', { cause }), {
    code: 'EREPLY',
    command: { name: 'auth', args: ['hunter2'] },
    previousErrors: [{ command: { args: ['whsec_c2VjcmV0c2VjcmV0c2VjcmV0'] } }],
  });
  const logged = loggedError(error);
  assert.deepEqual([logged.type, logged.code, logged.command], ['Error', 'EREPLY', 'auth']);
  assert.equal(logged.cause?.message, 'AUTH failed for redis://[hidden]@redis:6379/0');
  assert.doesNotMatch(JSON.stringify(logged), /hunter2|c2VjcmV0/);
});

test('an endless chain of causes is truncated', () => {
  const error = new Error('round');
  error.cause = error;
  assert.ok(JSON.stringify(loggedError(error)).length < 100_000);
  assert.deepEqual(loggedError(7), { type: 'number', message: '7', stack: '' });
});

test('secrets are hidden by their form, and the line stays JSON of the same fields', () => {
  const fields = {
    a: 'webhook whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw of nightly',
    b: 'authorization: Bearer osk_ab12_abcdefgh',
    c: "ERR unknown command 'AUTHX', with args beginning with: 'hunter2'",
    e: 'ost_win-1_ijklmnop is no telemetry token, osj_win-1_qrstuvwx no join token',
    d: 'a quote " and a \u009b1mCSI and a \u202eturn',
  };
  const line = loggedLine(`${JSON.stringify(fields)}\n`);
  assert.ok(line.endsWith('}\n'));
  assert.doesNotMatch(line, /MfKQ9r8|abcdefgh|ijklmnop|qrstuvwx|hunter2|\u009b|\u202e/);
  assert.equal((JSON.parse(line) as typeof fields).d, fields.d);
});

test('printed text has no control characters except our own', () => {
  const title = 'a\u001b]0;owned\u0007b\u001b[2Jc\u009b31md\re\u0000';
  assert.equal(printable(title), 'a\ufffd]0;owned\ufffdb\ufffd[2Jc\ufffd31md\ufffde\ufffd');
  assert.equal(printable('tab\tand\nnewline, ä, 한, 🙂'), 'tab\tand\nnewline, ä, 한, 🙂');
  const coloured = '\u001b[31mred\u001b[39m';
  assert.equal(printableWithColours(coloured), coloured);
  assert.equal(printableWithColours(`${coloured}\u001b[2J`), `${coloured}\ufffd[2J`);
});

test('the time that a hostile text takes grows with its length, not with the square of it', () => {
  const parts = ['a.', 'a', '://', 'a://b', 'osk_a', 'osj_a-', ' osj_-', 'ost_', 'whsec_', '"\\'];
  const more = [
    'Bearer ',
    'Basic',
    'with args beginning with: ',
    '\u009b',
    ' ',
    '\ud800',
    'a-b+c.',
  ];
  /** The best of several, since a pause of the process is not the expression's. */
  const bestMs = (text: string) => {
    const times = Array.from({ length: 3 }, () => {
      const sinceMs = performance.now();
      loggedLine(text);
      loggedError(new Error(text));
      return performance.now() - sinceMs;
    });
    return Math.min(...times);
  };
  for (const part of [...parts, ...more]) {
    const text = (characters: number) => part.repeat(characters / part.length);
    bestMs(text(4096));
    const [shortMs, longMs] = [bestMs(text(4096)), bestMs(text(65_536))];
    // 16 times as long: linear is 16 times the time, the square 256 times. Below 20 ms is noise.
    assert.ok(longMs < 20 + 64 * shortMs, `${part}: ${shortMs} ms and ${longMs} ms`);
  }
});

test('the user and password of a URL of any scheme are hidden', () => {
  const long = `${'x'.repeat(50)}://ops:hunter2@redis`;
  assert.equal(
    withoutSecrets(`at ${long}, redis://a:b@c`),
    `at ${'x'.repeat(50)}://[hidden]@redis, redis://[hidden]@c`,
  );
  assert.equal(withoutSecrets('http://a/b@c ://d'), 'http://a/b@c ://d');
});
