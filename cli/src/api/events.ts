import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '@oversoak/contracts';
import { createParser } from 'eventsource-parser';
import { ApiRefused, ApiUnreachable } from './problem.ts';
import { readJson } from './read-json.ts';

const RETRY_MS = 1_000;
/**
 * Attempts in a row without an event after which the stream is given up. A control plane may
 * restart during a run.
 */
const MAX_FRUITLESS_ATTEMPTS = 60;
const MAX_EVENT_CHARACTERS = 16_777_216;

/** Opens the stream after the event with this id; an empty id starts at the beginning. */
export type RunEventSource = (lastEventId: string) => Promise<ReadableStream<Uint8Array>>;

/**
 * All events of a run in order, each once, until its state is `done`. Reopens a dropped connection
 * after the last event received.
 */
export async function* runEvents(
  open: RunEventSource,
  signal: AbortSignal,
  retryMs: number = RETRY_MS,
): AsyncGenerator<RunEvent> {
  let lastEventId = '';
  let waitMs = retryMs;
  let fruitless = 0;
  for (;;) {
    try {
      for await (const message of messages(await open(lastEventId), signal)) {
        if (message.retryMs !== undefined) waitMs = message.retryMs;
        if (message.id !== undefined) lastEventId = message.id;
        if (message.data === undefined) continue;
        fruitless = 0;
        const event = readJson(message.data) as RunEvent;
        yield event;
        if (event.kind === 'state' && event.state === 'done') return;
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isDropped(error)) throw error;
      if (fruitless >= MAX_FRUITLESS_ATTEMPTS) throw error;
    }
    if (fruitless >= MAX_FRUITLESS_ATTEMPTS) {
      throw new ApiUnreachable('the event stream ended repeatedly without an event');
    }
    fruitless += 1;
    await delay(waitMs, undefined, { signal });
  }
}

/** A 5xx or a broken connection may be temporary; a refusal or an unexpected body is not. */
function isDropped(error: unknown): boolean {
  if (error instanceof ApiRefused) return error.status >= 500;
  if (error instanceof ApiUnreachable) return true;
  // undici rejects with TypeError "terminated" when the peer closes in the middle of a body.
  return error instanceof TypeError;
}

interface Message {
  id?: string;
  data?: string;
  retryMs?: number;
}

async function* messages(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  const arrived: Message[] = [];
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onId: (id) => arrived.push({ id }),
    onEvent: ({ data }) => arrived.push({ data }),
    onRetry: (retryMs) => arrived.push({ retryMs }),
  });
  // That of the request does not end its body: what joins the two may have been collected.
  const text = body.pipeThrough(new TextDecoderStream(), { signal });
  for await (const chunk of text) {
    parser.feed(chunk);
    yield* arrived.splice(0);
  }
}
