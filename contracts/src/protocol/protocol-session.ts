import { cutMessage } from './framing.ts';
import { type Difference, type Matched, matchedNumber, matchMessage } from './match-message.ts';
import { encodeNumber } from './number-format.ts';
import type { Expected, Program, ProgramStep } from './program.ts';
import {
  chooseRequest,
  numberOf,
  type Placed,
  type Values,
  type Written,
  writeMessage,
} from './write-message.ts';

/** What a session does next. */
export type Next =
  | ({ kind: 'send'; label: string; delayMs: number; values: Values } & Written)
  /** An answer is due first. */
  | { kind: 'wait' }
  | { kind: 'over' };

interface Message {
  bytes: Uint8Array;
  placed: Placed[];
}

/** What a message that came is. `label`: the request or the step, such as "request 3 (get)". */
export type Incoming =
  /** `isLast`: with it the answer is whole. */
  | ({ kind: 'answer'; label: string; isLast: boolean; values: Values } & Message)
  | ({ kind: 'ignored' } & Message)
  /** An answer that reports an error; null: nothing was asked. */
  | ({ kind: 'error'; label: string | null } & Message)
  /** Nothing that follows can be understood. `difference`: from the answer that was due. */
  | {
      kind: 'unexpected';
      detail: string;
      label: string | null;
      difference: Difference | null;
      bytes: Uint8Array;
    };

/** A message that was sent, or a greeting that is due. */
interface Outstanding {
  label: string;
  expect: Expected[];
  /** Messages of the answer that have come. */
  had: number;
  values: Values;
}

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
  #buffer: Uint8Array = new Uint8Array(0);
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
    return this.#send(`request ${this.#requested} (${request.name})`, request, values);
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
    this.#outstanding.push({ label, expect: step.expect, had: 0, values });
    return null;
  }

  #send(label: string, { send, expect, delayMs }: ProgramStep, values: Values): Next {
    this.#sent += 1;
    if (expect.length > 0) this.#outstanding.push({ label, expect, had: 0, values });
    const written = writeMessage(this.#program, send ?? [], values);
    return { kind: 'send', label, delayMs, values, ...written };
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
    if (cut.status === 'broken') return this.#unexpected(cut.detail, this.#buffer);
    const content = this.#buffer.subarray(0, cut.contentBytes);
    const incoming = this.#understood(content, true);
    // Whole messages are never incomplete.
    if (incoming === null) return this.#unexpected('it is too short', content);
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
    return this.#unexpected(
      `a message without an end; maxMessageBytes is ${maxMessageBytes}`,
      before,
    );
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
      const matched = this.#matched(due.expect[due.had], data, due.values, whole);
      if (matched.status === 'matched') return this.#answer(due, messageOf(data, matched));
      if (matched.status === 'incomplete') return null;
      difference = matched.difference;
    }
    const other = this.#unrequested(data, whole);
    if (other !== 'none') return other;
    const detail = this.#detail(due === 'incomplete' ? null : due);
    const label = due === null || due === 'incomplete' ? null : due.label;
    return this.#unexpected(detail, data, label, difference);
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
      if (outstanding !== undefined) this.#settle(outstanding);
      return { kind: 'error', label: outstanding?.label ?? null, ...messageOf(data, matched) };
    }
    for (const expected of ignore) {
      const matched = this.#matched(expected, data, this.#values(0), whole);
      if (matched.status === 'incomplete') return null;
      if (matched.status === 'matched') return { kind: 'ignored', ...messageOf(data, matched) };
    }
    return 'none';
  }

  /** The outstanding message whose answer `data` may be. */
  #due(data: Uint8Array): Outstanding | 'incomplete' | null {
    const [oldest] = this.#outstanding;
    if (oldest === undefined) return null;
    if (this.#program.match === 'order' || this.#phase.name !== 'live') return oldest;
    let isReadable = false;
    for (const outstanding of this.#outstanding) {
      const expected = outstanding.expect[outstanding.had];
      if (expected?.matchField == null) continue;
      const number = matchedNumber(expected.matchField, data);
      if (number === null) continue;
      isReadable = true;
      if (isNumberOf(expected, number, outstanding.values)) return outstanding;
    }
    return isReadable ? null : 'incomplete';
  }

  #named(expected: Expected, data: Uint8Array): Outstanding | null {
    if (expected.matchField === null) return null;
    const number = matchedNumber(expected.matchField, data);
    if (number === null) return null;
    return this.#outstanding.find(({ values }) => isNumberOf(expected, number, values)) ?? null;
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
    if (isLast) this.#settle(due);
    return { kind: 'answer', label: due.label, isLast, values: due.values, ...message };
  }

  #settle(outstanding: Outstanding): void {
    this.#outstanding = this.#outstanding.filter((each) => each !== outstanding);
  }

  #detail(due: Outstanding | null): string {
    if (due !== null) return `not the answer of ${due.label}`;
    if (this.#outstanding.length === 0) return 'it came without a request';
    return `its ${this.#program.match} is of no request that waits for an answer`;
  }

  #unexpected(
    detail: string,
    data: Uint8Array,
    label: string | null = this.#outstanding[0]?.label ?? null,
    difference: Difference | null = null,
  ): Incoming {
    return { kind: 'unexpected', detail, label, difference, bytes: data };
  }
}

function isNumberOf({ items }: Expected, number: number, values: Values): boolean {
  const item = items.find(
    (each) => each.op === 'number' && (each.of === 'sequence' || each.of === 'identifier'),
  );
  if (item?.op !== 'number') return false;
  const own = encodeNumber(numberOf(item, values), item.format);
  return encodeNumber(number, item.format).every((byte, index) => byte === own[index]);
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
