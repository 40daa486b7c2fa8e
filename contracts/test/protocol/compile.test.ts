import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { compileProtocol } from '../../src/protocol/compile.ts';

const framing = { by: 'length', bytes: 2, endian: 'big' };
const request = { name: 'a', send: 'hex: {length} 01', expect: 'hex: {length} 02' };
const given = { name: 'p', framing, requests: [request] };

const withRequest = (fields: object) => ({ ...given, requests: [{ ...request, ...fields }] });
const lines = (fields: object, more: object = {}) => ({
  ...{ name: 'p', framing: { by: 'delimiter', delimiter: '\\r\\n' } },
  requests: [{ name: 'a', send: 'x', expect: 'y', ...fields }],
  ...more,
});
const bare = (fields: object) => ({
  ...{ name: 'p', framing: { by: 'template' } },
  requests: [{ name: 'a', send: 'x', expect: 'y', ...fields }],
});

function problems(value: unknown): string[] {
  const compiled = compileProtocol(value);
  return 'problems' in compiled
    ? compiled.problems.map(({ pointer, detail }) => `${pointer}: ${detail}`)
    : [];
}

test('a description becomes a program of plain data', () => {
  const compiled = compileProtocol(given);
  assert.ok('program' in compiled);
  const { program } = compiled;
  assert.deepEqual(JSON.parse(JSON.stringify(program)), program);
  assert.deepEqual(program.framing, {
    ...{ by: 'length', offset: 0, bytes: 2, addedBytes: 2 },
    format: { kind: 'binary', bytes: 2, endian: 'big' },
  });
  assert.equal(program.longestSentBytes, 3);
  assert.equal(program.requests[0]?.below, 2 ** 32);
});

test('of an answer nothing is said that follows from a wrong request', () => {
  const places = (send: string, expect: string) => {
    const compiled = compileProtocol({
      ...given,
      login: [{ send, expect }],
      requests: [{ ...request, send, expect }],
    });
    assert.ok('problems' in compiled);
    return compiled.problems.map(({ pointer }) => pointer);
  };
  const right = '{length}{random:1..9}';
  assert.deepEqual(places('{length}{random:1..9}{what}', right), [
    '/login/0/send',
    '/requests/0/send',
  ]);
  assert.deepEqual(places('{random:1..9}', right), ['/login/0/send', '/requests/0/send']);
  // What is wrong with it alone is said.
  assert.equal(places('{length}{what}', '{length}{what}').length, 4);
});

describe('a wrong description is refused with the place of what is wrong', () => {
  const cases: [string, unknown, RegExp][] = [
    ['no mapping', 'x', /^: /],
    ['an unknown field', { ...given, greeting: 1 }, /^\/greeting: unknown property.*valid: name/],
    [
      'an unknown framing',
      { ...given, framing: { by: 'x' } },
      /^\/framing\/by: must be one of length/,
    ],
    [
      'no size',
      { ...given, framing: { by: 'length' } },
      /^\/framing\/bytes: is required with by: length/,
    ],
    [
      'no byte order',
      { ...given, framing: { by: 'length', bytes: 2 } },
      /^\/framing\/endian: is required/,
    ],
    [
      'a stray field',
      { ...given, framing: { ...framing, delimiter: 'x' } },
      /^\/framing\/delimiter: not with by: length; valid: bytes/,
    ],
    [
      'no header',
      { ...given, framing: { ...framing, counts: 'body' } },
      /^\/framing\/headerBytes: is required/,
    ],
    [
      'a short header',
      { ...given, framing: { ...framing, counts: 'body', headerBytes: 1 } },
      /headerBytes: must be >= 2/,
    ],
    [
      'a delimiter with a placeholder',
      lines({}, { framing: { by: 'delimiter', delimiter: 'a{x}' } }),
      /^\/framing\/delimiter: at character 2: no placeholder/,
    ],
    [
      'no length',
      withRequest({ send: 'x' }),
      /^\/requests\/0\/send: at character 1: has no \{length\}; it belongs at byte 0/,
    ],
    [
      'a length elsewhere',
      withRequest({ send: 'x{length}' }),
      /send: at character 2: stands at byte 1; .* at byte 0/,
    ],
    [
      'a length after a random size',
      {
        ...given,
        framing: { ...framing, offset: 4 },
        requests: [{ ...request, send: '{random:1..4}{length}' }],
      },
      /at character 14: stands after a field of variable size/,
    ],
    [
      'a length without one',
      bare({ send: '{length}' }),
      /at character 1: framing.by is "template"/,
    ],
    [
      'a length that is too small',
      {
        ...given,
        framing: { by: 'length', bytes: 1 },
        requests: [{ ...request, send: '{length}{random:300}' }],
      },
      /has up to 301 bytes, and a length of 1 byte goes to 255/,
    ],
    [
      'an unknown placeholder',
      bare({ send: 'a{who}' }),
      /send: at character 2: unknown placeholder "who"; valid: sequence, /,
    ],
    ['an inherited name', bare({ send: '{constructor}' }), /unknown placeholder "constructor"/],
    [
      'an unknown format',
      bare({ send: '{sequence:u16}' }),
      /\{sequence\} has the unknown format "u16"; valid: u8/,
    ],
    ['no format', bare({ send: '{sequence}' }), /\{sequence\} needs a format; valid/],
    ['anything in what is sent', bare({ send: '{rest}' }), /\{rest\} is for what is expected/],
    [
      'a size of 0',
      bare({ send: '{random:0..200}' }),
      /the size 0\.\.200 has a 0; the smallest size is 1, such as/,
    ],
    [
      'a size of 0 alone',
      bare({ send: '{random:0}' }),
      /the size 0 has a 0; the smallest size is 1/,
    ],
    ['no size of random', bare({ send: '{random}' }), /\{random\} needs a size, such as/],
    ['another size', bare({ send: '{random:a}' }), /"a" is no size; valid: 1 to 9999999 bytes/],
    [
      'no bytes',
      bare({ send: '{session-random:0}' }),
      /\{session-random:0\} has no bytes; at least 1/,
    ],
    ['an empty range', bare({ send: '{random:5..4}' }), /the size 5\.\.4 ends before it begins/],
    [
      'an unknown alphabet',
      bare({ send: '{random:5:words}' }),
      /unknown kind "words" of random bytes; valid: bytes, text/,
    ],
    [
      'another random field',
      bare({ send: '{random:5}', expect: '{random:6}' }),
      /expect: at character 1: stands for \{random:5\} of the request/,
    ],
    [
      'a random field too many',
      bare({ send: 'x', expect: '{random:6}' }),
      /stands for random field 1 of the request, which has fewer/,
    ],
    [
      'a size of nothing',
      bare({ send: '{size:d}' }),
      /\{size\} is of the next \{random\}, and none follows/,
    ],
    [
      'a checksum that is cut',
      bare({ send: '{crc32:u16le}' }),
      /\{crc32\} has 32 bits, and u16le has 16/,
    ],
    ['two checksums', bare({ send: 'a{xor8:u8}{xor8:u8}' }), /at most one checksum/],
    [
      'a checksum of later bytes',
      bare({ send: 'a{xor8:u8:4}' }),
      /begins at byte 4, and there may be only 1 bytes before it/,
    ],
    ['an unknown range', bare({ send: 'a{xor8:u8:all}' }), /covers "before".*"after"/],
    ['no text to look for', bare({ expect: 'a{until:}' }), /\{until:\\r\\n\}/],
    ['no end', bare({ expect: 'a{rest}' }), /only a template with an end/],
    ['digits at the end', bare({ expect: 'a{digits}' }), /write what stands behind it/],
    [
      'something after the rest',
      lines({ expect: '{rest}a' }),
      /at character 7: nothing can stand after/,
    ],
    [
      'raw bytes in a line',
      lines({ send: 'a{random:4}' }),
      /at character 2: may contain the delimiter \(0d 0a\)/,
    ],
    [
      'a binary number in a line',
      lines({ send: '{sequence:u32le}' }),
      /use a format of text, such as d or x8/,
    ],
    ['two lines as one', lines({ expect: 'a\\r\\nb' }), /contains the delimiter.*write a list/],
    [
      'an empty step',
      { ...given, login: [{ delayMs: 1 }] },
      /^\/login\/0: needs "send", "expect" or both/,
    ],
    [
      'a sequence in a greeting',
      { ...bare({}), login: [{ expect: '{sequence:d}x' }] },
      /^\/login\/0\/expect: at character 1: \{sequence\} is of a request/,
    ],
    [
      'a random push',
      { ...bare({}), ignore: ['{random:4}'] },
      /^\/ignore\/0: at character 1: \{random\} is of a request/,
    ],
    [
      'no sequence',
      { ...bare({}), match: 'sequence' },
      /^\/requests\/0\/expect: needs \{sequence:FORMAT\}/,
    ],
    [
      'a sequence at no fixed place',
      { ...bare({ send: '{sequence:d4}', expect: '{until:x}{sequence:d4}' }), match: 'sequence' },
      /fixed size at a fixed place/,
    ],
    [
      'a sequence that is not sent',
      { ...bare({ send: 'x', expect: '{sequence:d4}' }), match: 'sequence' },
      /^\/requests\/0\/send: needs \{sequence:…\}/,
    ],
    [
      'shares',
      { ...given, requests: [{ ...request, share: 0.5 }] },
      /^\/requests: the shares must add up to 1; they add up to 0\.5/,
    ],
    [
      'a share that is missing',
      {
        ...given,
        requests: [
          { ...request, share: 0.5 },
          { ...request, name: 'b' },
        ],
      },
      /^\/requests\/1\/share: is required/,
    ],
    [
      'a name twice',
      { ...given, requests: [request, request] },
      /^\/requests\/1\/name: "a" is there twice/,
    ],
    [
      'a message that is too long',
      { ...given, maxMessageBytes: 2 },
      /has up to 3 bytes; maxMessageBytes is 2/,
    ],
  ];
  for (const [what, value, expected] of cases) {
    it(what, () => {
      const found = problems(value);
      assert.ok(
        found.some((each) => expected.test(each)),
        JSON.stringify(found),
      );
    });
  }
});

test('every problem is reported at once', () => {
  const found = problems({ ...given, login: [{ send: '{a}', expect: '{b}' }], errors: ['{c}'] });
  assert.deepEqual(
    found.map((each) => each.split(':')[0]),
    ['/login/0/send', '/login/0/expect', '/errors/0'],
  );
});
