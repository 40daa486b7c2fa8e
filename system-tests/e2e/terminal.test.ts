// The real command on a real pseudo terminal, with an API that says that a soak is going on.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fakeApi, TOKEN } from '@oversoak/testing/api/fake-api';
import { comparedCell, comparison, fleetSample, run, soak } from '@oversoak/testing/builders/soaks';
import { Oversoak } from './demo-process.ts';
import { CTRL_C, ENTER, OnTerminal } from './terminal-process.ts';

const QUESTION = /Cancel the soak \(c\), leave it running and detach \(d\), or continue watching/;
const BAR = /demo [█░]+ \d+ % {2}.* left {2}0\/1 cells {2}iocp\.homo\.100 #1 measuring/;

/** A soak that measures until it is cancelled. */
async function runningSoak(context: TestContext) {
  let cancelled = false;
  const view = () => {
    const judgement = {
      verdict: 'cancelled' as const,
      reasons: ['cancelled by request'],
      loadSound: false,
    };
    return cancelled
      ? soak([run('run-1', 'done', { judgement })], { state: 'done', verdict: 'cancelled' })
      : soak([run('run-1', 'measuring')]);
  };
  let second = 0;
  const api = await fakeApi({
    'GET /v1/soaks/soak-1': () => ({ json: view() }),
    'POST /v1/soaks/soak-1/cancel': () => {
      cancelled = true;
      return { status: 202, json: view() };
    },
    'GET /v1/soaks/soak-1/comparison': () => {
      const verdict = cancelled ? 'cancelled' : null;
      return { json: comparison([comparedCell('iocp', { verdict })], { verdict }) };
    },
    'GET /v1/runs/run-1/events': () => {
      second += 1;
      const event = { kind: 'sample', sample: fleetSample('run-1', second, second * 800) };
      const type = 'text/event-stream';
      return { type, text: `retry: 200\nid: ${second}\ndata: ${JSON.stringify(event)}\n\n` };
    },
  });
  context.after(() => api.stop());
  const callsOf = (method: string) => api.seen.filter((call) => call.method === method).length;
  const args = (command: string) => [command, 'soak-1', '--url', api.url, '--token', TOKEN];
  return { callsOf, args };
}

async function watching(context: TestContext, args: string[], environment?: NodeJS.ProcessEnv) {
  const terminal = new OnTerminal(args, environment);
  context.after(() => terminal.clearAway());
  return terminal;
}

/** Presses Ctrl-C and answers where in the text the question stands. */
async function question(terminal: OnTerminal): Promise<number> {
  const from = terminal.text.length;
  terminal.type(CTRL_C);
  await terminal.says(QUESTION, from);
  return from;
}

test('Ctrl-C asks; Enter continues watching, "c" cancels and shows what was measured', async (t) => {
  const { callsOf, args } = await runningSoak(t);
  const terminal = await watching(t, args('watch'));
  await terminal.says(BAR);

  await question(terminal);
  const standing = terminal.text;
  const polls = callsOf('GET');
  while (callsOf('GET') < polls + 4) await delay(50);
  assert.equal(terminal.text, standing, 'nothing is drawn over the question');
  terminal.type(ENTER);
  await terminal.says(BAR, standing.length);
  assert.equal(callsOf('POST'), 0);

  const from = await question(terminal);
  terminal.type(`c${ENTER}`);
  assert.equal(await terminal.exitCode(), 2);
  assert.equal(callsOf('POST'), 1);
  const said = terminal.text.slice(from);
  assert.match(said, /Cancelling soak-1 .*[\s\S]*#1: cancelled; cancelled by request/);
  assert.match(said, /^notifier +sessions[\s\S]*Verdict: cancelled/m);
});

// A dumb terminal is not made raw: there the second Ctrl-C is a signal too.
for (const TERM of ['xterm', 'dumb']) {
  test(`a second Ctrl-C at the question detaches: TERM is ${TERM}`, async (t) => {
    const { callsOf, args } = await runningSoak(t);
    const terminal = await watching(t, args('watch'), { TERM });
    await terminal.says(/#1:? measuring/);
    await question(terminal);
    terminal.type(CTRL_C);
    assert.equal(await terminal.exitCode(), 2);
    assert.match(terminal.text, /Detached; the soak continues; end it: oversoak cancel soak-1/);
    assert.equal(callsOf('POST'), 0);
  });
}

test('a soak that ends during the question is shown as usual', async (t) => {
  const { args } = await runningSoak(t);
  const terminal = await watching(t, args('watch'));
  await terminal.says(BAR);
  await question(terminal);
  const elsewhere = await Oversoak.run(...args('cancel'));
  t.after(() => elsewhere.clearAway());
  assert.equal(await elsewhere.exitCode(), 0, elsewhere.output);
  assert.equal(await terminal.exitCode(), 2);
  assert.match(terminal.text, /Verdict: cancelled/);
});

test('on a pipe, Ctrl-C detaches and prints how to cancel', async (t) => {
  const { callsOf, args } = await runningSoak(t);
  const command = await Oversoak.run(...args('watch'));
  t.after(() => command.clearAway());
  await command.says(/: measuring/);
  command.pressCtrlC();
  assert.equal(await command.exitCode(), 2);
  assert.match(command.output, /Detached; the soak continues; end it: oversoak cancel soak-1/);
  assert.doesNotMatch(command.output, QUESTION);
  assert.equal(callsOf('POST'), 0);
});
