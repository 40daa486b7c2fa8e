import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { compileProtocol } from '../../src/protocol/compile.ts';
import { type Incoming, ProtocolSession } from '../../src/protocol/protocol-session.ts';

function sessionOf(given: object, options: object = {}): ProtocolSession {
  const compiled = compileProtocol({ name: 'p', ...given });
  assert.ok('program' in compiled, JSON.stringify(compiled));
  return new ProtocolSession(compiled.program, {
    ...{ seed: 1, session: 7, requests: 2, overSend: 1, ...options },
  });
}

function sent(session: ProtocolSession, timeUs = 0): Buffer {
  const next = session.next(timeUs);
  assert.ok(next.kind === 'send', next.kind);
  return Buffer.from(next.bytes);
}

const receive = (session: ProtocolSession, text: string | Buffer): Incoming[] =>
  session.receive(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
const kinds = (incoming: readonly Incoming[]) => incoming.map(({ kind }) => kind);

const lines = { framing: { by: 'delimiter', delimiter: '\\n' } };

test('a greeting, a login, requests and a logout, in this order', () => {
  const session = sessionOf({
    ...lines,
    login: [{ expect: 'HELLO {rest}' }, { send: 'USER {session:d}', expect: 'OK {sequence:d}' }],
    requests: [{ name: 'a', send: 'GET {sequence:d}', expect: 'GOT {sequence:d}' }],
    logout: [{ send: 'QUIT' }],
    firstSequence: 5,
  });
  assert.equal(session.next(0).kind, 'wait');
  assert.deepEqual(session.waitsFor, ['login 1']);
  assert.deepEqual(kinds(receive(session, 'HELLO you\n')), ['answer']);
  assert.equal(sent(session).toString(), 'USER 7\n');
  assert.equal(session.next(0).kind, 'wait');
  assert.deepEqual(kinds(receive(session, 'OK 5\n')), ['answer']);
  assert.equal(sent(session).toString(), 'GET 6\n');
  assert.deepEqual(kinds(receive(session, 'GOT 6\n')), ['answer']);
  assert.equal(sent(session).toString(), 'GET 7\n');
  assert.equal(session.next(0).kind, 'wait');
  receive(session, 'GOT 7\n');
  assert.equal(sent(session).toString(), 'QUIT\n');
  assert.equal(session.next(0).kind, 'over');
});

test('bytes that come one by one make the same messages', () => {
  const make = () =>
    sessionOf({
      ...{ framing: { by: 'template' }, errors: ['-{until:\\r\\n}'], ignore: ['>{until:\\n}'] },
      requests: [{ name: 'a', send: '{random:1..9:text}', expect: ':{digits}\\r\\n' }],
    });
  const text = '>push\n:12\r\n';
  const whole = make();
  sent(whole);
  const split = make();
  sent(split);
  const incoming = [...text].flatMap((character) => receive(split, character));
  assert.deepEqual(incoming, receive(whole, text));
  assert.deepEqual(kinds(incoming), ['ignored', 'answer']);
});

describe('an answer belongs', () => {
  const request = (name: string, place: string) => ({
    requests: [{ name: 'a', send: `{${place}}`, expect: `{${place}}` }],
    ...{ framing: { by: 'template' }, match: name },
  });

  it('to the oldest request by order', () => {
    const session = sessionOf(request('order', 'sequence:d4'), { overSend: 2 });
    assert.equal(Buffer.concat([sent(session), sent(session)]).toString(), '00000001');
    const [first] = receive(session, '0001');
    assert.ok(first?.kind === 'unexpected');
    assert.equal(first.difference?.offset, 3);
    assert.deepEqual(first.difference?.expected, [0x30]);
  });

  it('to the request with its sequence', () => {
    const session = sessionOf(request('sequence', 'sequence:u16be'), { overSend: 2 });
    sent(session);
    sent(session);
    const incoming = receive(session, '\x00\x01\x00\x00');
    assert.deepEqual(
      incoming.map((each) => each.kind === 'answer' && each.label),
      ['message 1 (a)', 'message 0 (a)'],
    );
  });

  it('to the request with its identifier, which is never 0', () => {
    const session = sessionOf(request('identifier', 'identifier:u8'), { overSend: 2 });
    assert.equal(Buffer.concat([sent(session), sent(session)]).toString('hex'), '0102');
    assert.deepEqual(kinds(receive(session, '\x02\x01')), ['answer', 'answer']);
  });

  it('to a message once only', () => {
    const session = sessionOf(request('sequence', 'sequence:u16be'), { overSend: 2 });
    sent(session);
    sent(session);
    const [one, again] = receive(session, '\x00\x01\x00\x01');
    assert.equal(one?.kind, 'answer');
    assert.ok(again?.kind === 'unexpected');
    assert.equal(again.detail, 'the answer of message 1 (a) came a second time');
    assert.equal(again.answers, 'answered');
    assert.equal(session.next(0).kind, 'over');
  });

  it('to none, if its number is of no message', () => {
    const session = sessionOf(request('sequence', 'sequence:u16be'), { overSend: 2 });
    sent(session);
    const [none] = receive(session, '\x00\x09');
    assert.ok(none?.kind === 'unexpected');
    assert.equal(none.detail, 'an answer (a) whose sequence, 9, is of no message that was sent');
    assert.equal(none.answers, 'unsent');
  });
});

describe('of a message with a kind and a number', () => {
  const guild = (change: object = {}, options: object = {}) =>
    sessionOf(
      {
        framing: { by: 'length', bytes: 2, endian: 'big' },
        login: [{ send: 'hex: {length} 01', expect: 'hex: {length} 81' }],
        requests: [
          {
            name: 'chat',
            send: 'hex: {length} 02 {sequence:u32be} {random:4}',
            expect: 'hex: {length} 82 {sequence:u32be} {random:4}',
          },
        ],
        errors: ['hex: {length} ff {sequence:u32be}'],
        ...{ match: 'sequence', firstSequence: 1000, ...change },
      },
      options,
    );
  /** The session with one message answered; that answer, and the next message. */
  function answered(session: ProtocolSession) {
    sent(session);
    receive(session, Buffer.from('000181', 'hex'));
    const answer = sent(session);
    answer[2] = 0x82;
    assert.deepEqual(kinds(receive(session, answer)), ['answer']);
    const next = session.next(0);
    assert.ok(next.kind === 'send');
    return { answer, next };
  }
  function unexpected(session: ProtocolSession, message: Buffer) {
    const [incoming] = receive(session, message);
    assert.ok(incoming?.kind === 'unexpected', incoming?.kind);
    return [incoming.detail, incoming.answers];
  }
  const anything = { ignore: ['hex: {rest}'] };

  it('the name is the number on the wire, which counts the login', () => {
    const session = guild();
    const { next } = answered(session);
    assert.equal(next.label, 'message 1002 (chat)');
    assert.equal(Buffer.from(next.bytes).readUInt32BE(3), 1002);
  });

  it('a second answer is one, whatever is ignored, by any match', () => {
    for (const change of [{}, anything, { match: 'order' }]) {
      const session = guild(change, { overSend: 2 });
      const { answer } = answered(session);
      assert.deepEqual(unexpected(session, answer), [
        'the answer of message 1001 (chat) came a second time',
        'answered',
      ]);
    }
  });

  it('a second answer with other bytes is one, too, unless it is ignored', () => {
    for (const change of [{}, anything]) {
      const session = guild(change, { overSend: 2 });
      const { answer } = answered(session);
      answer[answer.length - 1] = (answer.at(-1) ?? 0) ^ 1;
      if (change === anything) {
        assert.deepEqual(kinds(receive(session, answer)), ['ignored']);
      } else {
        const [detail, answers] = unexpected(session, answer);
        assert.match(String(detail), /^a second answer of message 1001 \(chat\), with other bytes/);
        assert.equal(answers, 'answered');
      }
    }
  });

  it('an error as the second answer is one', () => {
    const session = guild();
    answered(session);
    const [detail] = unexpected(session, Buffer.from('0005ff000003e9', 'hex'));
    assert.equal(detail, 'the answer of message 1001 (chat) came a second time');
  });

  it('a push is no answer, and what is too short has no number', () => {
    for (const [hex, detail] of [
      ['000990000000000000000000', 'its sequence is of no message that was sent'],
      ['0000', 'it is too short to have the sequence of a request'],
    ] as const) {
      const session = guild();
      answered(session);
      const size = hex === '0000' ? 2 : 11;
      assert.deepEqual(unexpected(session, Buffer.from(hex, 'hex').subarray(0, size)), [
        detail,
        null,
      ]);
    }
  });

  it('an identifier is named as it is written, never 0', () => {
    const session = sessionOf({
      ...{ framing: { by: 'template' }, match: 'identifier', firstSequence: 254 },
      requests: [{ name: 'a', send: '{identifier:u8}', expect: '{identifier:u8}' }],
    });
    const labels = [0, 1].map(() => {
      const next = session.next(0);
      assert.ok(next.kind === 'send');
      session.receive(next.bytes);
      return `${next.label} ${next.bytes[0]}`;
    });
    assert.deepEqual(labels, ['message 255 (a) 255', 'message 1 (a) 1']);
  });
});

test('an answer of several messages is whole with the last', () => {
  const session = sessionOf({
    ...lines,
    requests: [
      { name: 'get', send: 'get', expect: ['VALUE {digits}', '{session-random:8:text}', 'END'] },
    ],
  });
  sent(session);
  const content = sessionOf({
    ...lines,
    requests: [{ name: 'a', send: '{session-random:8:text}', expect: 'x' }],
  });
  const value = sent(content).toString().trim();
  const incoming = receive(session, `VALUE 8\n${value}\nEND\n`);
  assert.deepEqual(
    incoming.map((each) => each.kind === 'answer' && each.isLast),
    [false, false, true],
  );
  assert.deepEqual(session.waitsFor, []);
});

test('a status that is an error ends its request, and the session goes on', () => {
  const session = sessionOf({
    ...lines,
    errors: ['ERR {rest}'],
    requests: [{ name: 'a', send: 'x', expect: 'OK' }],
  });
  sent(session);
  assert.deepEqual(
    receive(session, 'ERR no\n').map((each) => each.kind === 'error' && each.label),
    ['message 0 (a)'],
  );
  sent(session);
  assert.deepEqual(kinds(receive(session, 'OK\n')), ['answer']);
});

describe('a length field', () => {
  const echo = (framing: object, text = 'hex: {length} {random:3:text}') =>
    sessionOf({ framing, requests: [{ name: 'a', send: text, expect: text }] });
  const cases: [string, object, string, string?][] = [
    ['the bytes after it', { by: 'length', bytes: 2, endian: 'little' }, '0300'],
    ['the whole message', { by: 'length', bytes: 2, endian: 'big', counts: 'message' }, '0005'],
    [
      'itself and what follows',
      { by: 'length', bytes: 1, offset: 1, counts: 'from-length' },
      'aa04',
      'hex: aa {length} {random:3:text}',
    ],
    [
      'what follows a header',
      { by: 'length', bytes: 1, counts: 'body', headerBytes: 2 },
      '03',
      'hex: {length} 00 {random:3:text}',
    ],
    ['as MQTT does', { by: 'varint', offset: 1 }, 'aac801', 'hex: aa {length} {random:200}'],
  ];
  for (const [what, framing, prefix, text] of cases) {
    it(`counts ${what}`, () => {
      const session = echo(framing, text);
      const bytes = sent(session);
      assert.equal(bytes.subarray(0, prefix.length / 2).toString('hex'), prefix);
      assert.deepEqual(kinds(receive(session, bytes.subarray(0, 3))), []);
      assert.deepEqual(kinds(receive(session, bytes.subarray(3))), ['answer']);
    });
  }

  it('that is too long, or ends within itself, is told as such', () => {
    const long = sessionOf({
      framing: { by: 'length', bytes: 4, endian: 'big' },
      maxMessageBytes: 100,
      requests: [{ name: 'a', send: '{length}', expect: '{length}' }],
    });
    sent(long);
    const [incoming] = receive(long, Buffer.from([0, 0, 1, 0]));
    assert.ok(incoming?.kind === 'unexpected');
    assert.match(incoming.detail, /a message of 260 bytes or more; maxMessageBytes is 100/);
    const short = echo({ by: 'length', bytes: 2, endian: 'big', counts: 'message' });
    sent(short);
    const [within] = receive(short, '\x00\x01abc');
    assert.ok(within?.kind === 'unexpected');
    assert.match(within.detail, /says 1, which would end the message within its own header/);
  });
});

describe('a checksum', () => {
  const echo = (text: string) =>
    sessionOf({
      framing: { by: 'length', bytes: 1 },
      requests: [{ name: 'a', send: text, expect: text }],
    });

  it('covers all before it, from a byte on, or all after it', () => {
    const before = sent(echo('{length}ab{crc32:u32be}'));
    assert.equal(before.readUInt32BE(3), crc32(before.subarray(0, 3)));
    const from = sent(echo('{length}ab{crc32:u32le:1}'));
    assert.equal(from.readUInt32LE(3), crc32(Buffer.from('ab')));
    const after = sent(echo('{length}{crc32:u32be:after}ab'));
    assert.equal(after.readUInt32BE(1), crc32(Buffer.from('ab')));
  });

  it('that is wrong is told with its name', () => {
    for (const text of ['{length}ab{crc32:u32be}', '{length}{crc32:u32be:after}ab']) {
      const session = echo(text);
      const bytes = sent(session);
      bytes[2] = (bytes[2] ?? 0) ^ 1;
      const [incoming] = receive(session, bytes);
      assert.ok(incoming?.kind === 'unexpected', text);
      const { difference } = incoming;
      // Where the changed byte is compared itself, it is found first.
      assert.match(difference?.what ?? '', /not its crc32|other bytes/);
    }
    const any = sessionOf({
      framing: { by: 'length', bytes: 1 },
      requests: [{ name: 'a', send: '{length}ab', expect: '{length}{any:2}{crc32:u32be}' }],
    });
    sent(any);
    const [incoming] = receive(any, Buffer.from([6, 1, 2, 0, 0, 0, 0]));
    assert.ok(incoming?.kind === 'unexpected');
    assert.equal(incoming.difference?.what, 'not its crc32');
  });
});

test('the requests of a mix come in their shares, the same for the same seed', () => {
  const given = {
    ...lines,
    requests: [
      { name: 'a', share: 0.25, send: 'a', expect: 'x' },
      { name: 'b', share: 0.75, send: 'b', expect: 'x' },
    ],
  };
  const run = (seed: number) => {
    const session = sessionOf(given, { requests: 2000, overSend: 2000, seed });
    return Array.from({ length: 2000 }, () => sent(session).toString().trim()).join('');
  };
  const first = run(1);
  assert.equal(run(1), first);
  assert.notEqual(run(2), first);
  const share = first.replaceAll('b', '').length / 2000;
  // Five standard deviations.
  assert.ok(Math.abs(share - 0.25) < 0.05, `${share}`);
});

test('what comes without a request is told as such', () => {
  const session = sessionOf({ ...lines, requests: [{ name: 'a', send: 'x', expect: 'y' }] });
  const [incoming] = receive(session, 'hi\n');
  assert.ok(incoming?.kind === 'unexpected');
  assert.equal(incoming.detail, 'it came without a request');
});
