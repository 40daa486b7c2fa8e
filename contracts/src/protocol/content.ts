/**
 * What the fleet makes up: which request comes next, and random bytes. All of it follows from seed,
 * session and number of the message, so that an answer can be verified byte by byte without keeping
 * what was sent, and so that every run of a description sends the same.
 */
export const ALPHABETS = ['bytes', 'text', 'hex', 'digits'] as const;
export type Alphabet = (typeof ALPHABETS)[number];

const TEXT = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CHARACTERS: Record<Exclude<Alphabet, 'bytes'>, string> = {
  text: TEXT,
  hex: '0123456789abcdef',
  digits: '0123456789',
};

export interface Origin {
  /** 32 bits, as `session`. */
  seed: number;
  session: number;
  /** Number of the message in the session; up to Number.MAX_SAFE_INTEGER. */
  sequence: number;
}

/** Which of the values of one message. */
export const FIELD = {
  /** The random field n is `random + n`. */
  random: 0,
  request: 0x1_0000,
  /** Of the session: its sequence is 0 for every message. */
  session: 0x2_0000,
} as const;

const GOLDEN = 0x9e37_79b9;
const TWO_TO_32 = 2 ** 32;

/** The finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function keyOf({ seed, session, sequence }: Origin, field: number): number {
  const words = [session, sequence % TWO_TO_32, Math.floor(sequence / TWO_TO_32), field];
  return words.reduce((key, word) => mixed((key ^ word) + GOLDEN), mixed(seed));
}

const wordAt = (key: number, index: number) => mixed(key + Math.imul(index + 1, GOLDEN));

/** 0 to 2³² − 1. */
export function randomWord(origin: Origin, field: number): number {
  return wordAt(keyOf(origin, field), 0);
}

/** From `min` to `max`, both included. */
export function randomSize(origin: Origin, field: number, min: number, max: number): number {
  return min + (randomWord(origin, field) % (max - min + 1));
}

export function randomBytes(
  origin: Origin,
  field: number,
  size: number,
  alphabet: Alphabet,
): Uint8Array {
  const key = keyOf(origin, field);
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    const byte = (wordAt(key, 1 + (at >>> 2)) >>> (8 * (at & 3))) & 0xff;
    bytes[at] = alphabet === 'bytes' ? byte : characterOf(alphabet, byte);
  }
  return bytes;
}

function characterOf(alphabet: Exclude<Alphabet, 'bytes'>, byte: number): number {
  const characters = CHARACTERS[alphabet];
  return characters.charCodeAt(byte % characters.length);
}
