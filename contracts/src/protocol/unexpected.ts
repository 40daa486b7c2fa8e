import { fixedBytes, sizesOf } from './compile-template.ts';
import { matchedNumber, matchMessage } from './match-message.ts';
import { bytesOfFormat } from './number-format.ts';
import { expectedOf, isAnswered, type Outstanding } from './outstanding.ts';
import type { Pattern, Program } from './program.ts';

/**
 * What a message is that fits nothing. `answers`: it is an answer all the same, to a message that
 * had its answer, or to none that was sent.
 */
export interface Finding {
  detail: string;
  answers: 'answered' | 'unsent' | null;
}

/** What a session knows of the messages that it sent. */
interface Known {
  program: Program;
  /** It is neither in its login nor in its logout. */
  isLive: boolean;
  /** A message is without its answer. */
  isWaiting: boolean;
  /** The latest requests that had their answers. */
  answered: readonly Outstanding[];
  /** Whether these are all that were sent. */
  isFollowed: boolean;
}

/** `due`: the message that it would answer; "incomplete": the number that names it is not there. */
export function findingOf(
  known: Known,
  due: Outstanding | 'incomplete' | null,
  data: Uint8Array,
  whole: boolean,
): Finding {
  const { program } = known;
  if (due === 'incomplete') return { detail: unnamed(program, data), answers: null };
  if (due !== null && isAnswered(due)) {
    const detail = `a second answer of ${due.label}, with other bytes than expected`;
    return { detail, answers: 'answered' };
  }
  const what = due === null ? 'it came without a request' : `not the answer of ${due.label}`;
  if (program.match !== 'order') {
    return due === null && known.isLive
      ? ofNone(known, what, data, whole)
      : { detail: what, answers: null };
  }
  const again = known.answered.findLast((each) => isOwnAnswer(program, each, data, whole));
  return again === undefined
    ? { detail: what, answers: null }
    : { detail: `the answer of ${again.label} came a second time`, answers: 'answered' };
}

/** Whether it is the answer of this message and of no other. */
function isOwnAnswer(
  program: Program,
  sent: Outstanding,
  data: Uint8Array,
  whole: boolean,
): boolean {
  const items = expectedOf(sent)?.items ?? [];
  const isOwn = items.some(
    (item) => item.op === 'random' || (item.op === 'number' && item.of !== 'session'),
  );
  return isOwn && matchMessage(program, items, data, sent.values, whole).status === 'matched';
}

/** No number that would lead to a request can be read. */
function unnamed({ match, requests }: Program, data: Uint8Array): string {
  const fields = requests.flatMap(({ expect }) => expect[0]?.matchField ?? []);
  const hasRoom = fields.some(
    ({ offset, format }) => data.length >= offset + (bytesOfFormat(format) ?? 0),
  );
  return hasRoom
    ? `there is no number in its ${match}`
    : `it is too short to have the ${match} of a request`;
}

/** Its number is of no message. With the form of an answer, it is one that nobody asked for. */
function ofNone(known: Known, what: string, data: Uint8Array, whole: boolean): Finding {
  const { match, requests, framing } = known.program;
  for (const { name, expect } of requests) {
    const [expected] = expect;
    if (expected?.matchField == null) continue;
    const number = matchedNumber(expected.matchField, data);
    if (number === null || !hasForm(expected.items, data, whole, framing)) continue;
    const sent = known.isFollowed ? 'sent' : 'sent lately';
    const detail = `an answer (${name}) whose ${match}, ${number}, is of no message that was ${sent}`;
    return { detail, answers: 'unsent' };
  }
  if (!known.isWaiting) return { detail: what, answers: null };
  return { detail: `its ${match} is of no message that was sent`, answers: null };
}

/** Whether all up to its first field of variable size is as in an answer, but for the numbers. */
function hasForm(
  items: Pattern,
  data: Uint8Array,
  whole: boolean,
  framing: Program['framing'],
): boolean {
  const { min, max } = sizesOf(items, framing);
  if (data.length < min || (whole && data.length > max)) return false;
  let at = 0;
  for (const item of items) {
    const size = fixedBytes([item], framing);
    if (size === null) return true;
    const begin = at;
    if (item.op === 'bytes' && item.bytes.some((byte, index) => byte !== data[begin + index])) {
      return false;
    }
    at += size;
  }
  return true;
}
