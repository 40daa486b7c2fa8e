import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { findProbe, type ProbeAnswer } from '@oversoak/contracts';
import type { ForkHost, HostListener } from '../../src/host/host-process.ts';
import type { FromHost, ToHost } from '../../src/host/messages.ts';
import { ProbeRound } from '../../src/probes/probe-round.ts';
import { quickProbes, triedAgain } from '../../src/probes/quick-probes.ts';
import { answerOf } from './answers.ts';

/** Hosts that say what a test has them say. */
class Hosts {
  readonly requested: string[] = [];
  readonly listeners: HostListener[] = [];
  killed = 0;

  readonly fork: ForkHost = (listener) => {
    this.listeners.push(listener);
    return {
      pid: 1,
      send: (message: ToHost) => {
        if (message.kind === 'probe') this.requested.push(message.name);
      },
      kill: () => {
        this.killed += 1;
      },
    };
  };

  say(message: FromHost, host = this.listeners.length - 1): void {
    this.listeners[host]?.onMessage(message);
  }

  exit(host = this.listeners.length - 1): void {
    this.listeners[host]?.onExit({ code: 1, signal: null, stderrTail: '', leftOthers: false });
  }
}

const [HANGS, NEXT] = ['acceptex-pends', 'routine-beats-event'] as const;

function round(hosts: Hosts, names: readonly string[]) {
  const answers: (ProbeAnswer | null)[] = [];
  const started: string[] = [];
  const made = new ProbeRound(names, {
    engine: 'an engine',
    fork: hosts.fork,
    started: ({ name }) => started.push(name),
    answered: (_, answer) => answers.push(answer),
  });
  return { made, answers, started };
}

test('the deadline of a probe starts when its host starts', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const hosts = new Hosts();
  const { made, answers, started } = round(hosts, [HANGS, NEXT]);
  // Loading is not the probe's time.
  mock.timers.tick(15_000);
  hosts.say({ kind: 'probing' });
  const deadlineMs = (findProbe(HANGS)?.deadlineSeconds ?? 0) * 1000;
  mock.timers.tick(deadlineMs - 1);
  assert.deepEqual([answers, hosts.killed], [[], 0]);
  mock.timers.tick(1);
  assert.equal(answers[0]?.outcome, 'inconclusive');
  assert.match(answers[0]?.note ?? '', /did not finish before its deadline/);
  assert.deepEqual([hosts.killed, hosts.listeners.length], [1, 1]);
  hosts.exit();
  assert.deepEqual([hosts.listeners.length, hosts.requested], [2, [HANGS, NEXT]]);
  // Messages of the first host no longer count.
  hosts.say({ kind: 'probed', answer: answerOf(HANGS) }, 0);
  hosts.say({ kind: 'probing' });
  hosts.say({ kind: 'probed', answer: answerOf(NEXT) });
  hosts.exit();
  await made.over;
  assert.deepEqual(
    [answers.map((each) => each?.name), started],
    [
      [HANGS, NEXT],
      [HANGS, NEXT],
    ],
  );
});

test('quick probes that take too long are reported as not run, and the agent registers', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const hosts = new Hosts();
  const quick = quickProbes(hosts.fork, 'an engine', 1000);
  const [first = ''] = hosts.requested;
  hosts.say({ kind: 'probing' });
  hosts.say({ kind: 'probed', answer: answerOf(first) });
  mock.timers.tick(1000);
  assert.equal(hosts.killed, 1);
  hosts.exit();
  const answers = (await quick).map(({ answer }) => answer);
  assert.equal(answers[0]?.outcome, 'holds');
  assert.ok(answers.length > 1);
  for (const { outcome, note } of answers.slice(1)) {
    assert.equal(outcome, 'inconclusive');
    assert.match(note, /^not tried: the quick probes have 1 s before a registration$/);
  }
});

test('a claim that fails is tested once more before a notifier is withdrawn', async () => {
  const hosts = new Hosts();
  const quick = quickProbes(hosts.fork, 'an engine');
  const outcomes = new Map<string, ProbeAnswer>([
    [HANGS, answerOf(HANGS, 'does-not-hold', 'expected: one')],
    [NEXT, answerOf(NEXT, 'does-not-hold', 'expected: two')],
  ]);
  const answerAll = async () => {
    const host = hosts.listeners.length;
    for (let at = hosts.requested.length - 1; at < hosts.requested.length; at += 1) {
      const name = hosts.requested[at] ?? '';
      hosts.say({ kind: 'probing' });
      hosts.say({ kind: 'probed', answer: outcomes.get(name) ?? answerOf(name) });
    }
    hosts.exit();
    for (let turns = 0; turns < 5 && hosts.listeners.length === host; turns += 1) {
      await new Promise(setImmediate);
    }
  };
  await answerAll();
  const again = hosts.requested.length;
  outcomes.delete(NEXT);
  await answerAll();
  // In the order of the catalogue; the second time the first of them holds.
  assert.deepEqual(hosts.requested.slice(again - 1), [NEXT, HANGS]);
  const answers = (await quick).map(({ answer }) => answer);
  const byName = new Map(answers.map((answer) => [answer.name, answer]));
  assert.equal(byName.get(HANGS)?.outcome, 'does-not-hold');
  assert.equal(byName.get(NEXT)?.outcome, 'inconclusive');
  assert.equal(
    byName.get(NEXT)?.note,
    'at first it did not hold (expected: two); second try: holds',
  );
});

test('a second failure counts as a failure; anything else is undecided', () => {
  const first = answerOf(NEXT, 'does-not-hold', 'expected: one');
  const second = answerOf(NEXT, 'does-not-hold', 'expected: two');
  assert.equal(triedAgain(first, second), second);
  for (const outcome of ['holds', 'unsupported', 'inconclusive'] as const) {
    assert.equal(triedAgain(first, answerOf(NEXT, outcome)).outcome, 'inconclusive');
  }
});
