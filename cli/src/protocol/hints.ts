import type { Difference } from '@oversoak/contracts/protocol/match-message';
import { decodeNumber, encodeNumber } from '@oversoak/contracts/protocol/number-format';
import { amount } from '@oversoak/contracts/values/amount';
import type { Outcome } from './try-session.ts';

const TLS_ALERT = [0x15, 0x03];
const CASE_BIT = 0x20;

/** What the bytes that came say about the description, most telling first. */
export function hintsOf(outcome: Outcome): string[] {
  const { end, received, answers } = outcome;
  if (end.kind === 'finished') return finishedHints(outcome);
  if (end.kind === 'unreachable')
    return ['nothing was sent: check host and port, and that the server runs'];
  const foreign = foreignProtocol(received);
  if (foreign !== null) return [foreign];
  if (end.kind === 'unexpected') {
    const { difference, detail, answers: of } = end.incoming;
    if (of === 'answered') {
      return ['the description was understood: the server answered one message twice'];
    }
    if (of === 'unsent') {
      return [
        'the server answered what nobody asked for, or writes that number otherwise than the description',
      ];
    }
    return difference === null
      ? [`the message fits nothing of the description: ${detail}`]
      : differenceHints(difference);
  }
  return [
    ...silenceHints(outcome),
    ...(answers > 0
      ? ['what came before was understood: look at the message that had no answer']
      : []),
  ];
}

function finishedHints({ errors, outOfOrder }: Outcome): string[] {
  const refused = `${amount(errors, 'answer')} matched a pattern of "errors": the server took the message and refused what it asks for`;
  const late =
    'a soak counts outOfOrder for each answer that comes after that of a later message; if any order is right, write {identifier} in place of {sequence}, with "match: identifier"';
  return [...(errors === 0 ? [] : [refused]), ...(outOfOrder === 0 ? [] : [late])];
}

function foreignProtocol(received: Uint8Array): string | null {
  const beginning = Buffer.from(received.subarray(0, 16)).toString('latin1');
  if (beginning.startsWith('HTTP/')) return 'the server speaks HTTP: is this the right port?';
  if (TLS_ALERT.every((byte, at) => received[at] === byte)) {
    return 'the server speaks TLS, which a description cannot: use its port without TLS';
  }
  return null;
}

function differenceHints({ item, expected, got, what }: Difference): string[] {
  if (item === null)
    return ['the message goes on where the template ends: add what follows, {any:N} or {rest}'];
  const isText = item.op === 'bytes' && expected.length > 0;
  if (isText && got.length > 0 && sameLetters(expected, got)) {
    return [`${item.text}: the same letters in the other case`];
  }
  if (item.op === 'number' || item.op === 'size')
    return numberHints(item.text, item.format, expected, got);
  return [`${item.text} (character ${item.at + 1} of the template): ${what}`];
}

function numberHints(
  text: string,
  format: Parameters<typeof decodeNumber>[1],
  expected: number[],
  got: number[],
): string[] {
  const bytes = format.kind === 'binary' ? format.bytes : expected.length;
  // The difference begins at the first wrong byte, so that only a whole number can be compared.
  if (format.kind !== 'binary' || expected.length < bytes || got.length < bytes)
    return [`${text}: another number`];
  const number = decodeNumber(expected.slice(0, bytes), format) ?? 0;
  const endian = format.endian === 'little' ? 'big' : 'little';
  const other = encodeNumber(number, { ...format, endian });
  const isSwapped = other.every((byte, at) => byte === got[at]);
  return [
    isSwapped
      ? `${text}: the number came in the other byte order, ${endian}-endian`
      : `${text}: another number`,
  ];
}

function sameLetters(expected: readonly number[], got: readonly number[]): boolean {
  const lower = (byte: number | undefined) => (byte ?? 0) | CASE_BIT;
  const isLetter = (byte: number) => lower(byte) >= 0x61 && lower(byte) <= 0x7a;
  const [first = 0] = expected;
  return isLetter(first) && lower(first) === lower(got[0]);
}

function silenceHints({ end, pending, waitsFor, heardSince }: Outcome): string[] {
  const due = waitsFor[0] ?? 'nothing';
  const closed = end.kind === 'closed';
  if (pending.length > 0) {
    const then = closed ? 'and then the end of the connection' : 'and then nothing more';
    return [
      `${amount(pending.length, 'byte')} came that ${pending.length === 1 ? 'is' : 'are'} no whole message, ${then}: the frame or the template ends later than the server's message`,
    ];
  }
  if (closed) {
    return [
      `the server closed the connection instead of answering ${due}: it may have refused the message`,
    ];
  }
  return [
    heardSince
      ? `the server sent other messages, and no answer of ${due}: it may have lost it`
      : `the server was silent after ${due}: it may still wait for the end of the message`,
  ];
}
