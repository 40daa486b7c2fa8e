import { cutMessage } from './framing.ts';
import { type Difference, type Matched, matchedNumber, matchMessage } from './match-message.ts';
import { distinctNumbers } from './number-format.ts';
import { expectedOf, isAnswered, type Outstanding } from './outstanding.ts';
import type { Expected, MatchField, Program, ProgramStep } from './program.ts';
import { type Finding, findingOf } from './unexpected.ts';
import {
  chooseRequest,
  namedNumber,
  numberOf,
  type Placed,
  type Values,
  type Written,
  writeMessage,
} from './write-message.ts';

/** What a session does next. `dueUs`: when the message is sent, after its delay. */
export type Next =
  | ({ kind: 'send'; label: string; dueUs: number; values: Values } & Written)
  /** An answer is due first. */
  | { kind: 'wait' }
  | { kind: 'over' };

interface Message {
  bytes: Uint8Array;
  placed: Placed[];
}

/** What a message that came is. `label`: the request or the step, such as "message 3 (get)". */
export type Incoming =
  /**
   * `isLast`: with it the answer is whole. `dueUs`: of what it answers. `isLate`: a later request had
   * its answer before, though they come in order.
   */
  | ({ kind: 'answer'; label: string; isLast: boolean; dueUs: number; isLate: boolean } & Message)
  | ({ kind: 'ignored' } & Message)
  /** An answer that reports an error; null: nothing was asked. */
  | ({ kind: 'error'; label: string | null; isLate: boolean } & Message)
  /**
   * Nothing that follows can be understood. `difference`: from the answer that was due. `answers`:
   * it is an answer all the same, to a message that had its answer, or to none that was sent.
   */
  | {
      kind: 'unexpected';
      detail: string;
      label: string | null;
      difference: Difference | null;
      answers: 'answered' | 'unsent' | null;
      bytes: Uint8Array;
    };

export interface SessionOptions {
  seed: number;
  session: number;
  /** Requests to send before the logout. */
  requests: number;
  /** Requests that may be without an answer at a time. */
  overSend: number;
}

type Script = { name: 'login' | 'logout'; step: number };
type Phase = Script | { name: 'live' } | { name: 'over' };

/**
 * One session of a program: what it sends, and what comes back means. Pure: bytes and times go in,
 * messages come out; sockets and clocks are the caller's.
 */
export class ProtocolSession {
  readonly #program: Program;
  readonly #options: SessionOptions;
  #phase: Phase = { name: 'login', step: 0 };
  #outstanding: Outstanding[] = [];
  /** Requests that had their answers, of the latest messages: as many as a fleet follows. */
  #answered: Outstanding[] = [];
  #buffer: Uint8Array = new Uint8Array(0);
  /** Number of the latest request that had its answer. */
  #latestAnswered = Number.NEGATIVE_INFINITY;
  #sent = 0;
  #requested = 0;
  #broken = false;

  constructor(program: Program, options: SessionOptions) {
    this.#program = program;
    this.#options = options;
  }

  get waitsFor(): readonly string[] {
    return this.#outstanding.map(({ label }) => label);
  }

  /** When the message was due that waits for its answer for longest; null: none waits. */
  get waitsSinceUs(): number | null {
    return this.#outstanding[0]?.dueUs ?? null;
  }

  /** Bytes that came and are no whole message yet. */
  get pending(): Uint8Array {
    return this.#buffer;
  }

  /** The next message; a message that is returned counts as sent. */
  next(timeUs: number): Next {
    if (this.#broken) return { kind: 'over' };
    for (;;) {
      const phase = this.#phase;
      if (phase.name === 'over') return { kind: 'over' };
      if (phase.name === 'live') {
        const next = this.#nextRequest(timeUs);
        if (next !== null) return next;
      } else {
        const next = this.#nextStep(phase, timeUs);
        if (next !== null) return next;
      }
    }
  }

  /** Takes received bytes, and returns every message that they complete. */
  receive(bytes: Uint8Array): Incoming[] {
    const incoming: Incoming[] = [];
    if (this.#broken) return incoming;
    this.#buffer = joined(this.#buffer, bytes);
    while (this.#buffer.length > 0 && !this.#broken) {
      const next = this.#program.framing.by === 'template' ? this.#byTemplate() : this.#byFrame();
      if (next === null) break;
      incoming.push(next);
      this.#broken = next.kind === 'unexpected';
    }
    return incoming;
  }

  /** null: the phase is over, and the next one decides. */
  #nextRequest(timeUs: number): Next | null {
    const { requests, overSend } = this.#options;
    if (this.#requested === requests) {
      if (this.#outstanding.length > 0) return { kind: 'wait' };
      this.#phase = { name: 'logout', step: 0 };
      return null;
    }
    if (this.#outstanding.length >= overSend) return { kind: 'wait' };
    const values = this.#values(timeUs);
    const index = chooseRequest(this.#program, values);
    const request = this.#program.requests[index];
    if (request === undefined) throw new Error('a program without requests');
    this.#requested += 1;
    const number = namedNumber(this.#program, request.send, values);
    return this.#send(`message ${number} (${request.name})`, request, values);
  }

  #nextStep(phase: Script, timeUs: number): Next | null {
    if (this.#outstanding.length > 0) return { kind: 'wait' };
    const step = this.#program[phase.name][phase.step];
    if (step === undefined) {
      this.#phase = phase.name === 'login' ? { name: 'live' } : { name: 'over' };
      return null;
    }
    this.#phase = { ...phase, step: phase.step + 1 };
    const label = `${phase.name} ${phase.step + 1}`;
    const values = this.#values(timeUs);
    if (step.send !== null) return this.#send(label, step, values);
    this.#outstanding.push({ label, expect: step.expect, had: 0, values, dueUs: timeUs });
    return null;
  }

  #send(label: string, { send, expect, delayMs }: ProgramStep, values: Values): Next {
    this.#sent += 1;
    const dueUs = values.timeUs + delayMs * 1000;
    if (expect.length > 0) this.#outstanding.push({ label, expect, had: 0, values, dueUs });
    const written = writeMessage(this.#program, send ?? [], values);
    return { kind: 'send', label, dueUs, values, ...written };
  }

  #values(timeUs: number): Values {
    const { seed, session } = this.#options;
    return { seed, session, sequence: this.#program.firstSequence + this.#sent, timeUs };
  }

  #byFrame(): Incoming | null {
    const { framing, maxMessageBytes } = this.#program;
    if (framing.by === 'template') return null;
    const cut = cutMessage(framing, this.#buffer, maxMessageBytes);
    if (cut.status === 'incomplete') return null;
    if (cut.status === 'broken') return this.#unexpected(cut, this.#buffer);
    const content = this.#buffer.subarray(0, cut.contentBytes);
    const incoming = this.#understood(content, true);
    // Whole messages are never incomplete.
    if (incoming === null) return this.#unexpected({ detail: 'it is too short' }, content);
    this.#drop(cut.bytes);
    return incoming;
  }

  #byTemplate(): Incoming | null {
    const before = this.#buffer;
    const incoming = this.#understood(before, false);
    if (incoming !== null) {
      this.#drop(incoming.bytes.length);
      return incoming;
    }
    const { maxMessageBytes } = this.#program;
    if (before.length <= maxMessageBytes) return null;
    const detail = `a message without an end; maxMessageBytes is ${maxMessageBytes}`;
    return this.#unexpected({ detail }, before);
  }

  #drop(bytes: number): void {
    this.#buffer = this.#buffer.slice(bytes);
  }

  /** Answers first, then errors, then pushes; the first that the message fits, or may fit. */
  #understood(data: Uint8Array, whole: boolean): Incoming | null {
    const due = this.#due(data);
    if (due === 'incomplete' && !whole) return null;
    let difference: Difference | null = null;
    if (due !== null && due !== 'incomplete') {
      const matched = this.#matched(expectedOf(due), data, due.values, whole);
      if (matched.status === 'incomplete') return null;
      if (matched.status === 'matched') {
        if (isAnswered(due)) return this.#secondAnswer(due, data);
        return this.#answer(due, messageOf(data, matched));
      }
      difference = matched.difference;
    }
    const other = this.#unrequested(data, whole);
    if (other !== 'none') return other;
    const label = due === null || due === 'incomplete' ? null : due.label;
    return this.#unexpected(this.#finding(due, data, whole), data, label, difference);
  }

  #secondAnswer(due: Outstanding, data: Uint8Array): Incoming {
    const detail = `the answer of ${due.label} came a second time`;
    return this.#unexpected({ detail, answers: 'answered' }, data, due.label);
  }

  /** null: it is incomplete. */
  #unrequested(data: Uint8Array, whole: boolean): Incoming | null | 'none' {
    const { errors, ignore } = this.#program;
    for (const expected of errors) {
      const named = this.#named(expected, data);
      const outstanding = named ?? this.#outstanding[0];
      if (expected.matchField !== null && named === null) continue;
      const values = outstanding?.values ?? this.#values(0);
      const matched = this.#matched(expected, data, values, whole);
      if (matched.status === 'incomplete') return null;
      if (matched.status === 'differs') continue;
      if (outstanding !== undefined && isAnswered(outstanding)) {
        return this.#secondAnswer(outstanding, data);
      }
      const isLate = outstanding !== undefined && this.#settle(outstanding);
      const label = outstanding?.label ?? null;
      return { kind: 'error', label, isLate, ...messageOf(data, matched) };
    }
    for (const expected of ignore) {
      const matched = this.#matched(expected, data, this.#values(0), whole);
      if (matched.status === 'incomplete') return null;
      if (matched.status === 'matched') return { kind: 'ignored', ...messageOf(data, matched) };
    }
    return 'none';
  }

  /** The message whose answer `data` may be; by its number also one that had its answer. */
  #due(data: Uint8Array): Outstanding | 'incomplete' | null {
    const [oldest] = this.#outstanding;
    if (this.#program.match === 'order' || this.#phase.name !== 'live') return oldest ?? null;
    let isReadable = false;
    for (const sent of this.#latestFirst()) {
      const expected = expectedOf(sent);
      if (expected?.matchField == null) continue;
      const number = matchedNumber(expected.matchField, data);
      if (number === null) continue;
      isReadable = true;
      if (isNumberOf(expected.matchField, number, sent.values)) return sent;
    }
    return isReadable || oldest === undefined ? null : 'incomplete';
  }

  /** Numbers go round: the latest message with one is meant. */
  #latestFirst(): Outstanding[] {
    return [...this.#answered, ...this.#outstanding].sort(
      (a, b) => b.values.sequence - a.values.sequence,
    );
  }

  #named({ matchField }: Expected, data: Uint8Array): Outstanding | null {
    if (matchField === null) return null;
    const number = matchedNumber(matchField, data);
    if (number === null) return null;
    return this.#latestFirst().find(({ values }) => isNumberOf(matchField, number, values)) ?? null;
  }

  #matched(
    expected: Expected | undefined,
    data: Uint8Array,
    values: Values,
    whole: boolean,
  ): Matched {
    return matchMessage(this.#program, expected?.items ?? [], data, values, whole);
  }

  #answer(due: Outstanding, message: Message): Incoming {
    due.had += 1;
    const isLast = due.had === due.expect.length;
    const isLate = isLast && this.#settle(due);
    return { kind: 'answer', label: due.label, isLast, dueUs: due.dueUs, isLate, ...message };
  }

  /** Whether it comes too late for the order of answers: outOfOrder in a soak. */
  #settle(outstanding: Outstanding): boolean {
    this.#outstanding = this.#outstanding.filter((each) => each !== outstanding);
    if (this.#phase.name !== 'live') return false;
    const { sequence } = outstanding.values;
    const isLate = this.#program.match === 'sequence' && sequence < this.#latestAnswered;
    this.#latestAnswered = Math.max(this.#latestAnswered, sequence);
    outstanding.had = outstanding.expect.length;
    const from = this.#program.firstSequence + this.#sent - followed(this.#options.overSend);
    this.#answered = [...this.#answered, outstanding].filter(
      ({ values }) => values.sequence >= from,
    );
    return isLate;
  }

  #finding(due: Outstanding | 'incomplete' | null, data: Uint8Array, whole: boolean): Finding {
    const known = {
      program: this.#program,
      isLive: this.#phase.name === 'live',
      isWaiting: this.#outstanding.length > 0,
      answered: this.#answered,
      isFollowed: this.#requested <= followed(this.#options.overSend),
    };
    return findingOf(known, due, data, whole);
  }

  #unexpected(
    { detail, answers = null }: Pick<Finding, 'detail'> & Partial<Finding>,
    data: Uint8Array,
    label: string | null = this.#outstanding[0]?.label ?? null,
    difference: Difference | null = null,
  ): Incoming {
    return { kind: 'unexpected', detail, label, difference, answers, bytes: data };
  }
}

/** Beside those in flight, a fleet's session knows the latest messages; native-server's Window. */
const SPARE_MESSAGES = 32;

const followed = (overSend: number) => 2 ** Math.ceil(Math.log2(overSend + SPARE_MESSAGES));

/** Whether a number that was read there is the one of the message with these values. */
function isNumberOf(field: MatchField, number: number, values: Values): boolean {
  return numberOf(field, values) % distinctNumbers(field.format) === number;
}

const messageOf = (
  data: Uint8Array,
  { bytes, placed }: { bytes: number; placed: Placed[] },
): Message => ({
  bytes: data.slice(0, bytes),
  placed,
});

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
