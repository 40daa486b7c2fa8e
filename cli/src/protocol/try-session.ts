import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '@oversoak/contracts/protocol/program';
import {
  type Incoming,
  type Next,
  ProtocolSession,
  type SessionOptions,
} from '@oversoak/contracts/protocol/protocol-session';
import { messageOf } from '../shell/failure.ts';

export interface TryTarget {
  host: string;
  port: number;
}

export interface TryOptions extends SessionOptions {
  /** The longest wait for the connection and for each answer. */
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
  /** What was waited for. */
  waitsFor: readonly string[];
  /** What came and is no whole message. */
  pending: Uint8Array;
  /** The first bytes that came, at most RECEIVED_BYTES. */
  received: Uint8Array;
}

const RECEIVED_BYTES = 65_536;
/** Chunks of a server that talks without an end; the session reads one after the other. */
const MAX_CHUNKS = 64;

/** The session of a description fits if every request got the answer that it expects. */
export function fits({ end, errors }: Outcome): boolean {
  return end.kind === 'finished' && errors === 0;
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

/** What came of a connection: bytes, or its end. */
type Came = { bytes: Uint8Array } | { closed: string };

/** The bytes of a socket, in order, with its end as the last. */
class Inbox {
  readonly #socket: Socket;
  readonly #came: Came[] = [];
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#take({ bytes }));
    socket.on('end', () => this.#take({ closed: 'the server closed the connection' }));
    socket.on('error', ({ message }) => this.#take({ closed: message }));
  }

  #take(came: Came): void {
    this.#came.push(came);
    if (this.#came.length >= MAX_CHUNKS) this.#socket.pause();
    this.#wake?.();
  }

  /** null: nothing came in time. */
  async next(withinMs: number, signal: AbortSignal): Promise<Came | null> {
    if (this.#came.length === 0) {
      const waiting = new AbortController();
      this.#wake = () => waiting.abort();
      await delay(withinMs, undefined, {
        signal: AbortSignal.any([signal, waiting.signal]),
      }).catch(() => {
        // Something came, or the user stopped it.
      });
      this.#wake = undefined;
      signal.throwIfAborted();
    }
    const came = this.#came.shift() ?? null;
    if (this.#came.length < MAX_CHUNKS) this.#socket.resume();
    return came;
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
  readonly #startedMs = performance.now();

  constructor(session: ProtocolSession, options: TryOptions, show: (event: TryEvent) => void) {
    this.#session = session;
    this.#options = options;
    this.#show = show;
  }

  get #nowUs(): number {
    return Math.round((performance.now() - this.#startedMs) * 1000);
  }

  async run(socket: Socket): Promise<Outcome> {
    const inbox = new Inbox(socket);
    const { timeoutMs, signal } = this.#options;
    for (;;) {
      const next = this.#session.next(this.#nowUs);
      if (next.kind === 'over') return this.outcome({ kind: 'finished' });
      if (next.kind === 'send') {
        if (next.delayMs > 0) await delay(next.delayMs, undefined, { signal });
        this.#show(next);
        socket.write(next.bytes);
        continue;
      }
      const came = await inbox.next(timeoutMs, signal);
      if (came === null) return this.outcome({ kind: 'silent' });
      if ('closed' in came) return this.outcome({ kind: 'closed', reason: came.closed });
      const unexpected = this.#receive(came.bytes);
      if (unexpected !== null) return this.outcome({ kind: 'unexpected', incoming: unexpected });
    }
  }

  #receive(bytes: Uint8Array): (Incoming & { kind: 'unexpected' }) | null {
    if (this.#receivedBytes < RECEIVED_BYTES) {
      this.#received.push(bytes.slice(0, RECEIVED_BYTES - this.#receivedBytes));
      this.#receivedBytes += bytes.length;
    }
    const afterUs = this.#nowUs;
    for (const incoming of this.#session.receive(bytes)) {
      this.#show({ ...incoming, afterUs });
      if (incoming.kind === 'unexpected') return incoming;
      if (incoming.kind === 'answer' && incoming.isLast) this.#answers += 1;
      if (incoming.kind === 'error') this.#errors += 1;
    }
    return null;
  }

  outcome(end: Outcome['end']): Outcome {
    return {
      end,
      answers: this.#answers,
      errors: this.#errors,
      waitsFor: this.#session.waitsFor,
      pending: this.#session.pending,
      received: Buffer.concat(this.#received),
    };
  }
}
