import type { ChecksumName } from './checksum.ts';
import type { Alphabet } from './content.ts';
import type { NumberFormat } from './number-format.ts';
import type { Match } from './protocol-file.ts';

/**
 * One step of writing or reading a message. `at` and `text`: where it stands in the template, and
 * how, for messages to people.
 */
export type Item = { at: number; text: string } & ItemKind;

/** Numbers that the fleet fills in and that an answer has to repeat. */
export type NumberSource = 'sequence' | 'identifier' | 'session' | 'time';

type ItemKind =
  | { op: 'bytes'; bytes: number[] }
  | { op: 'number'; of: NumberSource; format: NumberFormat }
  /** Random bytes of the message; the size is drawn from min to max. */
  | { op: 'random'; ordinal: number; min: number; max: number; alphabet: Alphabet }
  /** Random bytes of the session, the same in each of its messages. */
  | { op: 'session-random'; bytes: number; alphabet: Alphabet }
  /** The size of a random field that follows. */
  | { op: 'size'; ordinal: number; min: number; max: number; format: NumberFormat }
  /** The length field of the framing. */
  | { op: 'length' }
  /** Over the bytes from `from` to itself, or over all that follow it. */
  | {
      op: 'checksum';
      name: ChecksumName;
      format: NumberFormat;
      covers: 'before' | 'after';
      from: number;
    }
  /** The rest only in what is expected. */
  | { op: 'any'; bytes: number }
  | { op: 'not'; bytes: number[] }
  | { op: 'until'; bytes: number[] }
  | { op: 'digits' }
  | { op: 'rest' };

export type Pattern = Item[];

/** Where a number stands that leads from an answer to its request. */
export interface MatchField {
  of: 'sequence' | 'identifier';
  offset: number;
  format: NumberFormat;
}

/** A message of an answer; `matchField` is null where answers come in the order of the requests. */
export interface Expected {
  items: Pattern;
  matchField: MatchField | null;
}

export interface ProgramStep {
  send: Pattern | null;
  expect: Expected[];
  delayMs: number;
}

export interface ProgramRequest {
  name: string;
  /** The next request is the first whose `below` is above a random number of 32 bits. */
  below: number;
  send: Pattern;
  /** Not empty. */
  expect: Expected[];
  delayMs: number;
}

export type ProgramFraming =
  | { by: 'length'; offset: number; format: NumberFormat; bytes: number; addedBytes: number }
  | { by: 'varint'; offset: number }
  | { by: 'delimiter'; delimiter: number[] }
  | { by: 'template' };

/**
 * A protocol that was checked, as a flat program: plain data, which an interpreter in any language
 * can run. Nothing in it branches or repeats, so that work and memory are bounded by its sizes.
 */
export interface Program {
  name: string;
  framing: ProgramFraming;
  match: Match;
  maxMessageBytes: number;
  firstSequence: number;
  login: ProgramStep[];
  requests: ProgramRequest[];
  logout: ProgramStep[];
  ignore: Expected[];
  errors: Expected[];
  /** The longest message that it sends, its frame included. */
  longestSentBytes: number;
  /** The longest message that can be one of those it expects, its frame included. */
  longestReceivedBytes: number;
}

/** Messages that the login sends: the first request has so many before it. */
export function loginMessages({ login }: Program): number {
  return login.filter(({ send }) => send !== null).length;
}
