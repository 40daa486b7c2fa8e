import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  begin,
  next,
  type RoundEffect,
  type RoundEvent,
  type RoundState,
} from '../../src/probes/round-state.ts';
import { answerOf } from './answers.ts';

const NAMES = ['acceptex-pends', 'routine-beats-event', 'wait-takes-64-handles'];
const [FIRST = '', SECOND = '', THIRD = ''] = NAMES;
const probed = (name: string): RoundEvent => ({ kind: 'probed', answer: answerOf(name) });
const crash: RoundEvent = {
  kind: 'exited',
  exit: { code: 77, signal: null, stderrTail: 'fatal', leftOthers: false },
};
const killed: RoundEvent = {
  kind: 'exited',
  exit: { code: 1, signal: null, stderrTail: '', leftOthers: false },
};

function effectText(effect: RoundEffect): string {
  switch (effect.kind) {
    case 'fork':
    case 'kill':
      return effect.kind;
    case 'request':
      return `ask ${effect.probe}`;
    case 'settle': {
      const { probe, settled } = effect;
      return `${probe}: ${settled.kind === 'answered' ? settled.answer?.outcome : settled.why}`;
    }
  }
}

/** The effects of these events one after the other, and where they lead. */
function play(events: readonly RoundEvent[], names = NAMES): { said: string[]; state: RoundState } {
  const first = begin(names);
  const said = first.effects.map(effectText);
  const state = events.reduce((before, event) => {
    const { state: after, effects } = next(before, event);
    said.push(...effects.map(effectText));
    return after;
  }, first.state);
  return { said, state };
}

const PROBING: RoundEvent = { kind: 'probing' };

test('one host process runs all probes in order and is then ended', () => {
  const answers = NAMES.flatMap((name) => [PROBING, probed(name)]);
  const { said, state } = play([...answers, killed]);
  assert.deepEqual(said, [
    ...['fork', `ask ${FIRST}`, `${FIRST}: holds`],
    ...[`ask ${SECOND}`, `${SECOND}: holds`],
    ...[`ask ${THIRD}`, `${THIRD}: holds`, 'kill'],
  ]);
  assert.deepEqual(state, { name: 'over' });
  assert.deepEqual(play([], []), { said: [], state: { name: 'over' } });
});

test('a hanging host is killed, and the rest continue in another host when it has exited', () => {
  const until = play([PROBING, probed(FIRST), PROBING, { kind: 'overdue' }]);
  assert.deepEqual(until.said.slice(-2), [
    `${SECOND}: it did not finish before its deadline; its process was killed`,
    'kill',
  ]);
  assert.deepEqual(until.state, { name: 'ending', left: [THIRD] });
  const after = next(until.state, killed);
  assert.deepEqual(after.effects.map(effectText), ['fork', `ask ${THIRD}`]);
  // What the killed host still said changes nothing.
  for (const event of [PROBING, probed(SECOND)]) {
    assert.deepEqual(next(until.state, event), { state: until.state, effects: [] });
  }
});

test('a host that cannot be killed does not delay the rest', () => {
  const { state } = play([PROBING, { kind: 'overdue' }]);
  const { effects } = next(state, { kind: 'overdue' });
  assert.deepEqual(effects.map(effectText), ['fork', `ask ${SECOND}`]);
});

test('a host that dies loses only its current probe', () => {
  const { said, state } = play([PROBING, crash]);
  assert.deepEqual(said.slice(2), [
    `${FIRST}: its process ended while it was running: exit code 77; it said: fatal`,
    'fork',
    `ask ${SECOND}`,
  ]);
  assert.equal(state.name, 'starting');
  assert.match(play([crash]).said[2] ?? '', /while it was starting: exit code 77/);
  assert.deepEqual(play([PROBING, crash], [FIRST]).state, { name: 'over' });
});

test('a host that does not start, or refuses, is replaced too', () => {
  assert.match(play([{ kind: 'overdue' }]).said[2] ?? '', /did not start it in time/);
  const { said } = play([{ kind: 'failed', reason: 'no engine' }, killed]);
  assert.deepEqual(said.slice(2), [`${FIRST}: no engine`, 'kill', 'fork', `ask ${SECOND}`]);
});

test('stopping a round ends its host and skips the rest', () => {
  for (const events of [[], [PROBING], [PROBING, { kind: 'overdue' } as const]]) {
    const { said, state } = play([...events, { kind: 'stop' }, killed]);
    assert.equal(said.filter((one) => one === 'kill').length, 1);
    assert.equal(said.filter((one) => one === 'fork').length, 1);
    assert.deepEqual(state, { name: 'over' });
  }
});

test('a finished round stays finished', () => {
  for (const event of [PROBING, probed(FIRST), crash, { kind: 'overdue' }, { kind: 'stop' }]) {
    const step = next({ name: 'over' }, event as RoundEvent);
    assert.deepEqual(step, { state: { name: 'over' }, effects: [] });
  }
});

test('deadlines lead from every state to the end', () => {
  for (const events of [[], [PROBING], [PROBING, probed(FIRST)], [crash]]) {
    let { state } = play(events);
    for (let steps = 0; state.name !== 'over'; steps += 1) {
      assert.ok(steps < 20);
      state = next(state, { kind: 'overdue' }).state;
    }
  }
});
