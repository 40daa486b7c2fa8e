import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD, randomBytes, randomSize, randomWord } from '../../src/protocol/content.ts';

const origin = { seed: 1, session: 2, sequence: 3 };

test('content follows from seed, session, sequence and field, each of which changes it', () => {
  const bytes = (change: Partial<typeof origin>, field = 0) =>
    Buffer.from(randomBytes({ ...origin, ...change }, field, 16, 'bytes')).toString('hex');
  assert.equal(bytes({}), bytes({}));
  const others = [
    bytes({ seed: 2 }),
    bytes({ session: 3 }),
    bytes({ sequence: 4 }),
    bytes({ sequence: 3 + 2 ** 32 }),
    bytes({}, 1),
    bytes({}, FIELD.session),
  ];
  assert.equal(new Set([bytes({}), ...others]).size, 7);
});

test('a longer field begins like a shorter one', () => {
  const long = randomBytes(origin, 0, 33, 'bytes');
  assert.deepEqual(randomBytes(origin, 0, 7, 'bytes'), long.slice(0, 7));
});

test('each alphabet has all of its characters and no other', () => {
  const distinct = (alphabet: 'text' | 'hex' | 'digits' | 'bytes') =>
    new Set(randomBytes(origin, 0, 20_000, alphabet)).size;
  assert.equal(distinct('bytes'), 256);
  assert.equal(distinct('text'), 64);
  assert.equal(distinct('hex'), 16);
  assert.equal(distinct('digits'), 10);
  const text = Buffer.from(randomBytes(origin, 0, 1000, 'text')).toString('latin1');
  assert.match(text, /^[A-Za-z0-9_-]{1000}$/);
});

test('sizes reach both ends, and words are spread evenly', () => {
  const sizes = new Set<number>();
  let upper = 0;
  for (let sequence = 0; sequence < 10_000; sequence++) {
    sizes.add(randomSize({ ...origin, sequence }, 0, 3, 7));
    if (randomWord({ ...origin, sequence }, 0) >= 2 ** 31) upper += 1;
  }
  assert.deepEqual([...sizes].sort(), [3, 4, 5, 6, 7]);
  // Five standard deviations of a fair coin.
  assert.ok(Math.abs(upper - 5000) < 250, `${upper} of 10000 in the upper half`);
});
