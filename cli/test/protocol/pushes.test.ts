// A server that also sends messages on its own, all the time, is judged in time all the same.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { diagnose } from '../../src/protocol/diagnose.ts';
import { readProtocol } from '../../src/protocol/read-protocol.ts';
import { protocolFile, tryProtocol } from './files.ts';
import { lines, serve } from './servers.ts';

const PUSHED = {
  name: 'pushed',
  framing: { by: 'delimiter', delimiter: '\\r\\n' },
  match: 'sequence',
  login: [{ send: 'in', expect: 'in ok' }],
  requests: [{ name: 'say', send: 'say {sequence:d4}', expect: 'say {sequence:d4} ok' }],
  logout: [{ send: 'out', expect: 'out ok' }],
  ignore: ['tick {rest}'],
};

const TICK_MS = 20;
const WAIT = ['--timeout', '2000', '--requests', '12', '--over-send', '4'];
/** Far more than it takes: it ends what would go on for ever. */
const bounded = { timeout: 60_000 };

/** Ticks from its first bytes on; `answer`: of a line. */
const ticking = (answer: (line: string) => string[]) => (socket: Socket) => {
  const ticks = setInterval(() => socket.write('tick of the server\r\n'), TICK_MS);
  socket.on('close', () => clearInterval(ticks));
  lines(answer)(socket);
};
const answered = (line: string) => [`${line} ok`];

describe('with a server that sends messages on its own', { concurrency: true }, () => {
  it('a description that fits, fits', bounded, async (t) => {
    const { code, out } = await tryProtocol(t, PUSHED, await serve(t, ticking(answered)), ...WAIT);
    assert.equal(code, 0, out);
    assert.match(out, /^← ignored/m);
  });

  for (const [unanswered, name] of [
    ['in', 'login 1'],
    ['say 0005', 'message 5 (say)'],
    ['out', 'logout 1'],
  ]) {
    it(`no answer of ${name} is told in time`, bounded, async (t) => {
      const answer = (line: string) => (line === unanswered ? [] : answered(line));
      const target = await serve(t, ticking(answer));
      const { code, out } = await tryProtocol(t, PUSHED, target, ...WAIT, '--no-diagnose');
      assert.equal(code, 1, out);
      assert.ok(out.includes(`does not fit: no answer of ${name} in time\n`), out);
      assert.ok(out.includes(`sent other messages, and no answer of ${name}`), out);
    });
  }

  it('a wrong answer is told before its usual reasons are tried', bounded, async (t) => {
    const answer = (line: string) => (line === 'say 0005' ? ['say 0005 no'] : answered(line));
    const { code, out } = await tryProtocol(t, PUSHED, await serve(t, ticking(answer)), ...WAIT);
    assert.equal(code, 1, out);
    assert.match(
      out,
      /does not fit: not the answer of message 5 \(say\)\n[\s\S]*\n {2}trying what is usually wrong, for 60 s at the most\n {2}none of the usual mistakes, undone alone, makes it fit\n$/,
    );
  });

  it('descriptions whose sessions take too long are counted as not tried', bounded, async (t) => {
    const slow = (socket: Socket) =>
      ticking((line) => {
        setTimeout(() => socket.write(`${line} ok\r\n`), 100);
        return [];
      })(socket);
    const { file } = await readProtocol(await protocolFile(t, PUSHED));
    const target = await serve(t, slow);
    const [host = '', port] = target.split(':');
    const options = {
      ...{ seed: 1, session: 0, requests: 10_000, overSend: 1, timeoutMs: 1000 },
      signal: new AbortController().signal,
    };
    const { changes, untried } = await diagnose(
      file,
      false,
      { host, port: Number(port) },
      options,
      4000,
    );
    assert.deepEqual(changes, []);
    assert.ok(untried > 0);
  });
});

it(
  'an answer that comes at last within its time belongs to a session that goes on',
  bounded,
  async (t) => {
    // All answers together take longer than the timeout of each.
    const late = (socket: Socket) =>
      lines((line) => {
        setTimeout(() => socket.write(`${line} ok\r\n`), 400);
        return [];
      })(socket);
    const target = await serve(t, late);
    const options = ['--timeout', '1500', '--requests', '3'];
    const { code, out } = await tryProtocol(t, PUSHED, target, ...options);
    assert.equal(code, 0, out);
  },
);
