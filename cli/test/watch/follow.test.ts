import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent, Soak } from '@oversoak/contracts';
import { run, soak } from '@oversoak/testing/builders/soaks';
import { ApiRefused, ApiUnreachable } from '../../src/api/problem.ts';
import { followSoak, type SoakSource } from '../../src/watch/follow.ts';

const POLL_MS = 1;
const never = new AbortController().signal;

/** Records the events that it receives, in order. */
function recorder() {
  const events: string[] = [];
  return {
    events,
    soak: ({ state }: Soak) => events.push(`soak ${state}`),
    event: (event: RunEvent) =>
      events.push(event.kind === 'state' ? `${event.runId} ${event.state}` : 'sample'),
    unreachable: () => events.push('unreachable'),
  };
}

/** Answers each poll in turn; the last again and again. */
function source(polls: (() => Soak)[], streams: SoakSource['runEvents']) {
  const opened: string[] = [];
  const given: SoakSource = {
    soak: async () => {
      const next = polls.length > 1 ? polls.shift() : polls[0];
      if (next === undefined) throw new Error('no poll');
      return next();
    },
    runEvents: (runId, signal) => {
      opened.push(runId);
      return streams(runId, signal);
    },
  };
  return { opened, given };
}

const done = () => soak([run('run-1', 'done'), run('run-2', 'done')], { state: 'done' });

test('each run is followed once while it is active, until the soak is done', async () => {
  const { opened, given } = source(
    [
      () => soak([run('run-1', 'queued'), run('run-2', 'queued')], { state: 'queued' }),
      () => soak([run('run-1', 'preparing'), run('run-2', 'queued')]),
      () => soak([run('run-1', 'measuring'), run('run-2', 'queued')]),
      () => soak([run('run-1', 'done'), run('run-2', 'preparing')]),
      done,
    ],
    async function* (runId) {
      yield { kind: 'state', runId, state: 'done', atMs: 0, judgement: null };
    },
  );
  const listener = recorder();
  const last = await followSoak(given, 'soak-1', listener, never, POLL_MS);
  assert.equal(last.state, 'done');
  assert.deepEqual(opened, ['run-1', 'run-2']);
  assert.ok(listener.events.includes('run-1 done'));
  assert.equal(listener.events.at(-1), 'soak done');
});

test('streams that are still open end with the soak', async () => {
  let ended = false;
  const { given } = source(
    [() => soak([run('run-1', 'measuring')]), done],
    async function* (_, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
      yield* [];
    },
  );
  await followSoak(given, 'soak-1', recorder(), never, POLL_MS);
  assert.equal(ended, true);
});

test('requests are repeated while the API is unavailable', async () => {
  const away = () => {
    throw new ApiUnreachable('restarting');
  };
  const { given } = source([away, away, done], async function* () {});
  const listener = recorder();
  await followSoak(given, 'soak-1', listener, never, POLL_MS);
  assert.deepEqual(listener.events, ['unreachable', 'soak done'], 'said once');
});

test('a stream that fails ends it with that error', async () => {
  // biome-ignore lint/correctness/useYield: it fails before its first event.
  const failing = async function* (): AsyncGenerator<RunEvent> {
    throw new ApiRefused(400, 'Last-Event-ID is not one of this stream');
  };
  const { given } = source([() => soak([run('run-1', 'measuring')])], failing);
  await assert.rejects(followSoak(given, 'soak-1', recorder(), never, POLL_MS), /Last-Event-ID/);
});

test('an abort ends it with its reason', async () => {
  const controller = new AbortController();
  const { given } = source(
    [
      () => {
        controller.abort(new Error('stopped by SIGINT'));
        return soak([run('run-1', 'queued')]);
      },
    ],
    async function* () {},
  );
  await assert.rejects(
    followSoak(given, 'soak-1', recorder(), controller.signal, 600_000),
    /stopped by SIGINT/,
  );
});
