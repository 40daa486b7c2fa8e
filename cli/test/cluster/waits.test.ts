import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Waits, waitingText } from '../../src/cluster/waits.ts';

const plane = { name: 'control plane', log: '/c/control-plane.log' };
const machine = { name: 'the machine of agent-a', log: null };

test('what is waited for is said with its time and its log', () => {
  const open = [
    { wait: plane, sinceMs: 0 },
    { wait: machine, sinceMs: 60_000 },
  ];
  assert.equal(
    waitingText(open, 75_000),
    'Still waiting for control plane (since 1m 15s; its log: /c/control-plane.log), the machine of agent-a (since 15s)',
  );
});

test('a start that goes on says what it waits for, every 15 s, until that is there', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let nowMs = 0;
  const said: string[] = [];
  const waits = new Waits(
    (text) => said.push(text),
    () => nowMs,
  );
  const pass = (ms: number) => {
    nowMs += ms;
    t.mock.timers.tick(ms);
  };
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const both = [waits.during(plane, first.promise), waits.during(machine, second.promise)];
  pass(14_999);
  assert.deepEqual(said, [], 'a start that is quick is silent');
  pass(1);
  assert.match(
    said.join('\n'),
    /^Still waiting for control plane .*, the machine of agent-a \S* 15s\)$/,
  );
  first.resolve('http://x');
  assert.equal(await both[0], 'http://x');
  pass(15_000);
  assert.deepEqual(said.slice(1), ['Still waiting for the machine of agent-a (since 30s)']);
  second.reject(new Error('lost'));
  await assert.rejects(async () => both[1], /lost/);
  pass(60_000);
  assert.equal(said.length, 2);
});
