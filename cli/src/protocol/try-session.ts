import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Program } from '@oversoak/contracts/protocol/program';
import {
  type Incoming,
  type Next,
  ProtocolSession,
  type SessionOptions,
} from '@oversoak/contracts/protocol/protocol-session';
import { messageOf } from '../shell/failure.ts';
import { Inbox } from './inbox.ts';

export interface TryTarget {
  host: string;
  port: number;
}

export interface TryOptions extends SessionOptions {
  /** The longest wait for the connection, and for each answer as a whole, whatever else comes. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** What is shown of a session while it goes on. `afterUs`: since its connection. */
export type TryEvent = (Next & { kind: 'send' }) | (Incoming & { afterUs: number });

/** How a session ended. */
export interface Outcome {
  end: /** Every request was answered. */
    | { kind: 'finished' }
    | { kind: 'unreachable'; reason: string }
    | { kind: 'unexpected'; incoming: Incoming & { kind: 'unexpected' } }
    /** No answer in time. */
    | { kind: 'silent' }
    | { kind: 'closed'; reason: string };
  /** Answers that are whole, those of the login included. */
  answers: number;
  errors: number;
  /** Answers that came after that of a later request, though the description has them in order. */
  outOfOrder: number;
  /** What was waited for. */
  waitsFor: readonly string[];
  /** Whether messages came after the one that waits for longest was due. */
  heardSince: boolean;
  /** What came and is no whole message. */
  pending: Uint8Array;
  /** The first bytes that came, at most RECEIVED_BYTES. */
  received: Uint8Array;
}

const RECEIVED_BYTES = 65_536;

/** The session of a description fits if a soak would count no error in it. */
export function fits({ end, errors, outOfOrder }: Outcome): boolean {
  return end.kind === 'finished' && errors === 0 && outOfOrder === 0;
}

/** Runs one session of a program against a server. Aborts with the signal's reason. */
export async function trySession(
  program: Program,
  { host, port }: TryTarget,
  options: TryOptions,
  show: (event: TryEvent) => void,
): Promise<Outcome> {
  const session = new ProtocolSession(program, options);
  const attempt = new Attempt(session, options, show);
  const socket = connect({ host, port, noDelay: true });
  try {
    const refusal = await connected(socket, options);
    if (refusal !== null) return attempt.outcome({ kind: 'unreachable', reason: refusal });
    return await attempt.run(socket);
  } finally {
    socket.destroy();
  }
}

/** null: it is; otherwise why it is not. */
async function connected(
  socket: Socket,
  { timeoutMs, signal }: TryOptions,
): Promise<string | null> {
  const waiting = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    await once(socket, 'connect', { signal: waiting });
    return null;
  } catch (error) {
    signal.throwIfAborted();
    if (waiting.aborted) return `no connection within ${timeoutMs} ms`;
    // One of several addresses of the host.
    const [first = error] = error instanceof AggregateError ? error.errors : [error];
    return messageOf(first);
  }
}

class Attempt {
  readonly #session: ProtocolSession;
  readonly #options: TryOptions;
  readonly #show: (event: TryEvent) => void;
  readonly #received: Uint8Array[] = [];
  #receivedBytes = 0;
  #answers = 0;
  #errors = 0;
  #outOfOrder = 0;
  /** When the latest whole message came. */
  #heardUs = 0;
  readonly #startedMs = performance.now();

  constructor(session: ProtocolSession, options: TryOptions, show: (event: TryEvent) => void) {
    this.#session = session;
    this.#options = options;
    this.#show = show;
  }

  get #nowUs(): number {
    return Math.round((performance.now() - this.#startedMs) * 1000);
  }

  get #overdueUs(): number {
    return (
      (this.#session.waitsSinceUs ?? Number.POSITIVE_INFINITY) + this.#options.timeoutMs * 1000
    );
  }

  async run(socket: Socket): Promise<Outcome> {
    const inbox = new Inbox(socket);
    let due: (Next & { kind: 'send' }) | null = null;
    for (;;) {
      const next: Next = due ?? this.#session.next(this.#nowUs);
      if (next.kind === 'over') return this.outcome({ kind: 'finished' });
      due = next.kind === 'send' ? next : null;
      if (due !== null && due.dueUs <= this.#nowUs) {
        this.#show(due);
        socket.write(due.bytes);
        due = null;
        continue;
      }
      const end = await this.#hear(inbox, due?.dueUs ?? Number.POSITIVE_INFINITY);
      if (end !== null) return this.outcome(end);
    }
  }

  /**
   * Takes what comes next, until a time and until the message that waits for longest is overdue. null:
   * the session goes on.
   */
  async #hear(inbox: Inbox, untilUs: number): Promise<Outcome['end'] | null> {
    const { signal } = this.#options;
    const nowUs = this.#nowUs;
    const waitUs = Math.min(untilUs, this.#overdueUs) - nowUs;
    for (const came of await inbox.take(Math.ceil(waitUs / 1000), signal)) {
      if ('closed' in came) return { kind: 'closed', reason: came.closed };
      const unexpected = this.#receive(came.bytes);
      if (unexpected !== null) return { kind: 'unexpected', incoming: unexpected };
    }
    return this.#overdueUs <= nowUs ? { kind: 'silent' } : null;
  }

  #receive(bytes: Uint8Array): (Incoming & { kind: 'unexpected' }) | null {
    if (this.#receivedBytes < RECEIVED_BYTES) {
      this.#received.push(bytes.slice(0, RECEIVED_BYTES - this.#receivedBytes));
      this.#receivedBytes += bytes.length;
    }
    const afterUs = this.#nowUs;
    for (const incoming of this.#session.receive(bytes)) {
      this.#heardUs = afterUs;
      this.#show({ ...incoming, afterUs });
      if (incoming.kind === 'unexpected') return incoming;
      if (incoming.kind === 'answer' && incoming.isLast) this.#answers += 1;
      if (incoming.kind === 'error') this.#errors += 1;
      if ('isLate' in incoming && incoming.isLate) this.#outOfOrder += 1;
    }
    return null;
  }

  outcome(end: Outcome['end']): Outcome {
    return {
      end,
      answers: this.#answers,
      errors: this.#errors,
      outOfOrder: this.#outOfOrder,
      waitsFor: this.#session.waitsFor,
      heardSince: this.#heardUs > (this.#session.waitsSinceUs ?? Number.POSITIVE_INFINITY),
      pending: this.#session.pending,
      received: Buffer.concat(this.#received),
    };
  }
}
