import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runEvents } from '../../src/api/events.ts';
import { ApiRefused, ApiUnreachable } from '../../src/api/problem.ts';
import { eventStream, stateEvent } from './event-stream.ts';

const never = new AbortController().signal;

/** Answers each connection in turn and notes the Last-Event-ID of each. */
function connections(...answers: (() => ReadableStream<Uint8Array>)[]) {
  const lastEventIds: string[] = [];
  const open = async (lastEventId: string) => {
    lastEventIds.push(lastEventId);
    const answer = answers.shift();
    if (answer === undefined) throw new ApiUnreachable('no more answers');
    return answer();
  };
  return { lastEventIds, open };
}

async function states(open: (id: string) => Promise<ReadableStream<Uint8Array>>) {
  const seen: string[] = [];
  for await (const event of runEvents(open, never, 0)) {
    if (event.kind === 'state') seen.push(event.state);
  }
  return seen;
}

test('events arrive in order and end after done, whatever follows', async () => {
  const { open } = connections(() =>
    eventStream(
      `: hello\n\n${stateEvent('1', 'queued')}${stateEvent('2', 'done')}${stateEvent('3', 'queued')}`,
    ),
  );
  assert.deepEqual(await states(open), ['queued', 'done']);
});

test('a connection that ends or breaks is reopened after the last event', async () => {
  const { open, lastEventIds } = connections(
    () => eventStream(stateEvent('a-1', 'queued')),
    () => eventStream(`${stateEvent('a-2', 'allocating')}id: a-3\ndata: {"ki`, true),
    () => {
      throw new ApiUnreachable('restarting');
    },
    () => {
      throw new ApiRefused(503, 'starting');
    },
    () => eventStream(stateEvent('a-3', 'done')),
  );
  assert.deepEqual(await states(open), ['queued', 'allocating', 'done']);
  assert.deepEqual(lastEventIds, ['', 'a-1', 'a-2', 'a-2', 'a-2']);
});

test('a refused request is not retried', async () => {
  const { open, lastEventIds } = connections(() => {
    throw new ApiRefused(404, 'no run "run-1"');
  });
  await assert.rejects(states(open), /no run "run-1"/);
  assert.equal(lastEventIds.length, 1);
});

test('the stream fails if the API stays unavailable', async () => {
  const { open, lastEventIds } = connections();
  await assert.rejects(states(open), ApiUnreachable);
  assert.equal(lastEventIds.length, 61);
});

test('an abort ends the stream with its reason', async () => {
  const controller = new AbortController();
  const open = async () => {
    controller.abort(new Error('enough'));
    throw new TypeError('terminated');
  };
  await assert.rejects(async () => {
    for await (const _ of runEvents(open, controller.signal, 0));
  }, /enough/);
});

test('an abort ends a stream that is open and says nothing, and its connection', async () => {
  const controller = new AbortController();
  let ended: unknown;
  const open = async () =>
    new ReadableStream<Uint8Array>({
      pull: () => void setImmediate(() => controller.abort(new Error('enough'))),
      cancel: (reason) => {
        ended = reason;
      },
    });
  await assert.rejects(async () => {
    for await (const _ of runEvents(open, controller.signal, 0));
  }, /enough/);
  assert.match(String(ended), /enough/);
});
