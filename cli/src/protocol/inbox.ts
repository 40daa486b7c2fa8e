import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';

/** What came of a connection: bytes, or its end. */
export type Came = { bytes: Uint8Array } | { closed: string };

/** Chunks of a server that talks without an end; the session reads one after the other. */
const MAX_CHUNKS = 64;

/** The bytes of a socket, in order, with its end as the last. */
export class Inbox {
  readonly #socket: Socket;
  #came: Came[] = [];
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => this.#add({ bytes }));
    socket.on('end', () => this.#add({ closed: 'the server closed the connection' }));
    socket.on('error', ({ message }) => this.#add({ closed: message }));
  }

  /**
   * Everything that came; waits for something for that long. With 0 ms, what the system has for this
   * process now, which may have stood still meanwhile. Aborts with the signal's reason.
   */
  async take(withinMs: number, signal: AbortSignal): Promise<Came[]> {
    if (withinMs <= 0) await setImmediate();
    else if (this.#came.length === 0) await this.#something(withinMs, signal);
    signal.throwIfAborted();
    const came = this.#came;
    this.#came = [];
    this.#socket.resume();
    return came;
  }

  async #something(withinMs: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    this.#wake = () => waiting.abort();
    await delay(withinMs, undefined, {
      signal: AbortSignal.any([signal, waiting.signal]),
    }).catch(() => {
      // Something came, or the user stopped it.
    });
    this.#wake = undefined;
  }

  #add(came: Came): void {
    this.#came.push(came);
    if (this.#came.length >= MAX_CHUNKS) this.#socket.pause();
    this.#wake?.();
  }
}
