// A description that is wrong in one point is told what to change: each mistake against a real
// server, whose own description fits.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import { tryProtocol } from './files.ts';
import { framed, lines, serve } from './servers.ts';

const FRAMED = {
  name: 'framed',
  framing: { by: 'length', bytes: 2, endian: 'big', counts: 'after' },
  requests: [
    {
      name: 'echo',
      send: '{length}{sequence:u32be}{random:1..40}{crc32:u32le}',
      expect: '{length}\\0{sequence:u32be}{random:1..40}{crc32:u32le}',
    },
  ],
};

const LINES = {
  name: 'lines',
  framing: { by: 'delimiter', delimiter: '\\r\\n' },
  requests: [
    {
      name: 'say',
      send: 'say {sequence:d4} {random:8:text}',
      expect: '{sequence:d4} {random:8:text}',
    },
  ],
};

/** The description with one text in place of another, everywhere. */
function changed(file: object, from: string, to: string): object {
  const text = JSON.stringify(file);
  const [before, after] = [JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1)];
  assert.ok(text.includes(before), from);
  return JSON.parse(text.replaceAll(before, after)) as object;
}

const withFraming = (framing: object) => ({
  ...FRAMED,
  framing: { ...FRAMED.framing, ...framing },
});

const said = (line: string) => line.replace(/^say /, '');
const echo = lines((line) => (line.startsWith('say ') ? [said(line)] : ['error']));

/** Enough for a loaded machine; a variant without an answer takes all of it. */
const WAIT = ['--timeout', '8000', '--requests', '5'];

describe('the right description fits', () => {
  it('frames', async (t) => {
    const { code, out } = await tryProtocol(t, FRAMED, await serve(t, framed), ...WAIT);
    assert.equal(code, 0, out);
    assert.match(out, /^fits: 5 answers as expected$/m);
    assert.match(out, /^→ message 0 \(echo\): \d+ bytes\n {4}0000 {2}00 /m);
    assert.match(out, /^ {4}bytes 2 to 5 +\{sequence:u32be\} = 0$/m);
    assert.match(out, /^← answer of message 0 \(echo\), after \d+\.\d ms: \d+ bytes$/m);
  });

  it('lines', async (t) => {
    const { code, out } = await tryProtocol(t, LINES, await serve(t, echo), ...WAIT);
    assert.equal(code, 0, out);
  });
});

// Most of their time they wait for answers that do not come.
describe('a wrong description of frames is told', { concurrency: true }, () => {
  const cases: [string, object, string][] = [
    [
      'the byte order of the length',
      withFraming({ endian: 'little' }),
      'framing.endian: big (it is little)',
    ],
    [
      'that the length does not count itself',
      withFraming({ counts: 'message' }),
      'framing.counts: after (it is message)',
    ],
    [
      'the size of the length',
      withFraming({ bytes: 4 }),
      'framing.bytes: 2 (it is 4), endian: big',
    ],
    ['the checksum', changed(FRAMED, '{crc32:', '{crc32c:'), '{crc32:…} in place of {crc32c:…}'],
    [
      'the byte order of the checksum',
      changed(FRAMED, '{crc32:u32le}', '{crc32:u32be}'),
      '{crc32:…} in the other byte order',
    ],
    [
      'the bytes that the checksum covers',
      changed(FRAMED, '{crc32:u32le}', '{crc32:u32le:2}'),
      '{crc32:…:before}: another range of bytes',
    ],
    [
      'the byte order of a number',
      changed(FRAMED, '{sequence:u32be}', '{sequence:u32le}'),
      '{sequence:…} in the other byte order',
    ],
  ];
  for (const [what, file, change] of cases) {
    it(what, async (t) => {
      const { code, out } = await tryProtocol(t, file, await serve(t, framed), ...WAIT);
      assert.equal(code, 1, out);
      assert.ok(out.includes(`\n  it fits with ${change}`), out);
    });
  }
});

describe('a wrong description of lines is told', { concurrency: true }, () => {
  it('the delimiter', async (t) => {
    const file = { ...LINES, framing: { by: 'delimiter', delimiter: '\\n' } };
    const { code, out } = await tryProtocol(t, file, await serve(t, echo), ...WAIT);
    assert.equal(code, 1);
    assert.ok(out.includes('it fits with framing.delimiter: \\r\\n (it is \\n)'), out);
    assert.ok(out.includes('the server was silent after message 0 (say)'), out);
  });

  it('a missing end of the line', async (t) => {
    const file = {
      ...{ name: 'bare', framing: { by: 'template' } },
      requests: [{ name: 'say', send: 'say {random:8:text}', expect: '{random:8:text}\\r\\n' }],
    };
    const { out } = await tryProtocol(t, file, await serve(t, echo), ...WAIT);
    assert.ok(out.includes('it fits with \\r\\n at the end of what is sent'), out);
  });

  it('a greeting', async (t) => {
    const target = await serve(t, (socket) => {
      socket.write('220 ready\r\n');
      echo(socket);
    });
    const { out } = await tryProtocol(t, LINES, target, ...WAIT);
    assert.ok(
      out.includes('it fits with a greeting: a first step of login with only "expect"'),
      out,
    );
  });

  it('messages that the server sends on its own', async (t) => {
    const target = await serve(
      t,
      lines((line) => ['tick', said(line)]),
    );
    const { out } = await tryProtocol(t, LINES, target, ...WAIT);
    assert.ok(
      out.includes('it fits with ignore: a pattern for messages that the server sends'),
      out,
    );
  });

  it('answers in another order', async (t) => {
    const held: string[] = [];
    const swapping = () =>
      lines((line) => {
        held.push(said(line));
        return held.length < 2 ? [] : held.splice(0).reverse();
      });
    const target = await serve(t, (socket) => swapping()(socket));
    const { out } = await tryProtocol(
      t,
      LINES,
      target,
      '--requests',
      '4',
      '--over-send',
      '2',
      '--timeout',
      '8000',
      '--no-diagnose',
    );
    assert.ok(out.includes('unexpected: not the answer of message 0 (say)'), out);
    const { code } = await tryProtocol(
      t,
      {
        ...LINES,
        requests: [{ name: 'say', send: 'say {identifier:d4}', expect: '{identifier:d4}' }],
        match: 'identifier',
      },
      target,
      '--requests',
      '4',
      '--over-send',
      '2',
    );
    assert.equal(code, 0);
  });

  it('letters in the other case', async (t) => {
    const file = { ...LINES, requests: [{ name: 'say', send: 'say ok', expect: 'OK' }] };
    const { out } = await tryProtocol(t, file, await serve(t, echo), ...WAIT);
    assert.ok(out.includes('OK: the same letters in the other case'), out);
  });

  it('an answer that reports an error', async (t) => {
    const file = {
      ...LINES,
      errors: ['error'],
      requests: [{ name: 'ask', send: 'ask', expect: 'ok' }],
    };
    const { code, out } = await tryProtocol(t, file, await serve(t, echo), ...WAIT);
    assert.equal(code, 1);
    assert.ok(out.includes('does not fit: 5 of the answers report an error'), out);
  });
});

describe('a fault of the server is no mistake of the description', () => {
  const NUMBERED = {
    ...LINES,
    match: 'sequence',
    firstSequence: 100,
    requests: [
      {
        name: 'say',
        send: 'say {sequence:d4} {random:8:text}',
        expect: 'said {sequence:d4} {random:8:text}',
      },
    ],
  };
  /** Its fourth answer comes with another message. */
  const faulty = (other: (answer: string) => string) => (socket: Socket) => {
    let count = 0;
    lines((line) => {
      const answer = line.replace(/^say /, 'said ');
      count += 1;
      return count === 4 ? [answer, other(answer)] : [answer];
    })(socket);
  };
  const twice = faulty((answer) => answer);
  const unasked = faulty((answer) => answer.replace('0103', '9999'));

  for (const ignore of [[], ['{rest}']]) {
    it(`a second answer, with ${ignore.length} patterns of ignore`, async (t) => {
      const target = await serve(t, twice);
      const { code, out } = await tryProtocol(t, { ...NUMBERED, ignore }, target, ...WAIT);
      assert.equal(code, 1, out);
      assert.ok(
        out.endsWith(
          'does not fit: the answer of message 103 (say) came a second time\n' +
            '  the description was understood: the server answered one message twice\n',
        ),
        out,
      );
    });
  }

  it('an answer to what nobody asked for', async (t) => {
    const { code, out } = await tryProtocol(t, NUMBERED, await serve(t, unasked), ...WAIT);
    assert.equal(code, 1, out);
    const told = 'an answer (say) whose sequence, 9999, is of no message that was sent';
    assert.ok(out.includes(`does not fit: ${told}`), out);
    assert.ok(!out.includes('it fits with'), out);
  });
});

describe('another server is told', () => {
  it('one of HTTP', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { out } = await tryProtocol(t, LINES, target, ...WAIT, '--no-diagnose');
    assert.ok(out.includes('the server speaks HTTP'), out);
  });

  it('none at all', async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { code, out } = await tryProtocol(t, LINES, `127.0.0.1:${port}`, ...WAIT);
    assert.equal(code, 1);
    assert.match(out, /does not fit: .*ECONNREFUSED[\s\S]*check host and port/);
  });
});
