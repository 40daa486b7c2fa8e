import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeAnswer } from '@oversoak/contracts';
import type { ForkHost, HostListener } from '../../src/host/host-process.ts';
import { RequestedProbes } from '../../src/probes/requested-probes.ts';
import { answerOf } from './answers.ts';

/** A store in memory, and a host whose answers the test triggers. */
function bench({ quietMs = 0 } = {}) {
  const requests = new Set<string>();
  const answers: ProbeAnswer[] = [];
  const notes: string[] = [];
  const dropped: string[] = [];
  let host: HostListener | null = null;
  let current = '';
  let away = false;
  const changed = { wake: () => {} };
  const fork: ForkHost = (listener) => {
    host = listener;
    return {
      pid: 1,
      send: (message) => {
        if (message.kind !== 'probe') return;
        current = message.name;
        listener.onMessage({ kind: 'probing' });
        changed.wake();
      },
      kill: () => {
        host = null;
        setImmediate(() =>
          listener.onExit({ code: 1, signal: null, stderrTail: '', leftOthers: false }),
        );
        changed.wake();
      },
    };
  };
  const probes = new RequestedProbes({
    engine: 'an engine',
    fork,
    quietMs,
    nowMs: () => 7,
    answered: (answer) => {
      answers.push(answer);
      requests.delete(answer.name);
    },
    store: {
      requested: async () => {
        if (away) throw new Error('Redis is away');
        return [...requests];
      },
      drop: async (names) => {
        for (const name of names) {
          requests.delete(name);
          dropped.push(name);
        }
      },
      note: (name, startedAtMs) => notes.push(`${name} ${startedAtMs}`),
    },
  });
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        changed.wake = resolve;
        setTimeout(resolve, 5);
      });
    }
  };
  return {
    ...{ probes, requests, answers, notes, dropped, until },
    running: () => (host === null ? null : current),
    answer: (answer: ProbeAnswer | null) => host?.onMessage({ kind: 'probed', answer }),
    away: (is: boolean) => {
      away = is;
    },
  };
}

const [FIRST, SECOND] = ['routine-beats-event', 'acceptex-pends'] as const;

test('requested probes run in the order of the catalogue, one at a time', async () => {
  const { probes, requests, answers, notes, dropped, until, running, answer } = bench();
  for (const name of [SECOND, FIRST, 'of-a-newer-oversoak']) requests.add(name);
  probes.look();
  probes.look();
  await until(() => running() === FIRST);
  answer(answerOf(FIRST));
  await until(() => running() === SECOND);
  // It comes while the others are at work.
  requests.add(FIRST);
  probes.look();
  answer(answerOf(SECOND));
  await until(() => running() === FIRST);
  answer(null);
  await until(() => answers.length === 3);
  assert.deepEqual(
    answers.map(({ name, outcome }) => `${name} ${outcome}`),
    [`${FIRST} holds`, `${SECOND} holds`, `${FIRST} unsupported`],
  );
  assert.match(answers[2]?.note ?? '', /engine of this agent has no probes/);
  assert.deepEqual(notes, [`${FIRST} 7`, `${SECOND} 7`, `${FIRST} 7`]);
  assert.deepEqual(dropped, ['of-a-newer-oversoak']);
  await probes.stop();
});

test('probes start while there is no run, yield to one, and start again after it', async () => {
  const { probes, requests, answers, notes, until, running, answer } = bench();
  probes.hasRuns(true);
  requests.add(FIRST);
  probes.look();
  await new Promise(setImmediate);
  assert.equal(running(), null);
  probes.hasRuns(false);
  await until(() => running() === FIRST);
  probes.hasRuns(true);
  await until(() => running() === null);
  // It has no answer and is still requested.
  await until(() => notes.length === 2);
  assert.deepEqual([answers, [...requests], notes], [[], [FIRST], [`${FIRST} 7`, `${FIRST} null`]]);
  probes.hasRuns(false);
  await until(() => running() === FIRST);
  answer(answerOf(FIRST));
  await until(() => answers.length === 1);
  await probes.stop();
});

test('no probe starts between two consecutive runs', async (t) => {
  const { probes, requests, until, running } = bench({ quietMs: 3_000 });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  requests.add(FIRST);
  probes.hasRuns(true);
  probes.hasRuns(false);
  t.mock.timers.tick(2_999);
  probes.hasRuns(true);
  t.mock.timers.tick(60_000);
  probes.hasRuns(false);
  t.mock.timers.tick(2_999);
  probes.look();
  for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate);
  assert.equal(running(), null);
  t.mock.timers.tick(1);
  t.mock.timers.reset();
  await until(() => running() === FIRST);
  await probes.stop();
});

test('if Redis is unavailable, the next poll finds the requested probes', async () => {
  const { probes, requests, until, running, away } = bench();
  requests.add(FIRST);
  away(true);
  probes.look();
  await new Promise(setImmediate);
  away(false);
  probes.look();
  await until(() => running() === FIRST);
  await probes.stop();
});

test('a stop ends the running probe, and the requests remain', async () => {
  const { probes, requests, answers, until, running } = bench();
  requests.add(FIRST).add(SECOND);
  probes.look();
  await until(() => running() === FIRST);
  await probes.stop();
  assert.deepEqual([running(), answers, requests.size], [null, [], 2]);
  probes.look();
  await new Promise(setImmediate);
  assert.equal(running(), null);
});
