import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostExit } from '../../src/host/host-process.ts';
import type { PartResult } from '../../src/host/messages.ts';
import {
  next,
  type SlotEffect,
  type SlotEvent,
  type SlotEventKind,
  type SlotState,
  type SlotStateName,
} from '../../src/slots/slot-state.ts';
import { start } from '../jobs.ts';

const result = { role: 'fleet', measuredSeconds: 1 } as PartResult;
const exit = (code: number | null): HostExit => ({
  code,
  signal: null,
  stderrTail: '',
  leftOthers: false,
});
const CLEAN: SlotEvent = { kind: 'exited', exit: exit(0) };

const EVENTS: { [K in SlotEventKind]: Extract<SlotEvent, { kind: K }> } = {
  room: { kind: 'room' },
  prepared: { kind: 'prepared', port: null },
  start: { kind: 'start', start: start('run-a') },
  started: { kind: 'started' },
  finished: { kind: 'finished', result },
  stopped: { kind: 'stopped' },
  failed: { kind: 'failed', reason: 'bind' },
  abort: { kind: 'abort', reason: 'cancelled' },
  overdue: { kind: 'overdue' },
  exited: { kind: 'exited', exit: exit(3) },
};
const STATES: { [N in SlotStateName]: SlotState } = {
  waiting: { name: 'waiting' },
  preparing: { name: 'preparing' },
  prepared: { name: 'prepared' },
  starting: { name: 'starting' },
  running: { name: 'running' },
  ending: { name: 'ending', outcome: { kind: 'aborted', reason: 'cancelled' } },
  ended: { name: 'ended' },
};
const LIVE: SlotStateName[] = ['preparing', 'prepared', 'starting', 'running'];

function walk(events: readonly SlotEvent[]): { name: SlotStateName; effects: string[] } {
  let state: SlotState = { name: 'waiting' };
  const effects: string[] = [];
  for (const event of events) {
    const step = next(state, event);
    state = step.state;
    effects.push(...step.effects.map(({ kind }) => kind));
  }
  return { name: state.name, effects };
}

describe('the state of a slot', () => {
  it('takes a run from assign to its report', () => {
    const { room, prepared, start, started, finished } = EVENTS;
    assert.deepEqual(walk([room, prepared, start, started, finished, CLEAN]), {
      name: 'ended',
      effects: ['forkHost', 'reportPrepared', 'sendStart', 'reportStarted', 'settle'],
    });
  });

  it('reports an outcome only when the host process has exited', () => {
    for (const name of LIVE) {
      for (const kind of ['abort', 'failed', 'overdue'] as const) {
        const step = next(STATES[name], EVENTS[kind]);
        assert.equal(step.state.name, 'ending');
        assert.ok(!step.effects.some((effect) => effect.kind === 'settle'));
        const [settle]: SlotEffect[] = next(step.state, CLEAN).effects;
        assert.ok(settle?.kind === 'settle');
        assert.equal(settle.outcome.kind, kind === 'abort' ? 'aborted' : 'failed');
      }
    }
  });

  it('ends at once while it waits, with a reason', () => {
    for (const [kind, outcome] of [
      ['abort', { kind: 'aborted', reason: 'cancelled' }],
      ['failed', { kind: 'failed', reason: 'bind' }],
      ['overdue', { kind: 'failed', reason: 'no slot became free before the deadline' }],
    ] as const) {
      const { state, effects } = next(STATES.waiting, EVENTS[kind]);
      assert.equal(state.name, 'ended');
      assert.deepEqual(effects, [{ kind: 'settle', outcome }]);
    }
  });

  it('makes every unexpected exit a failure with the exit code', () => {
    for (const name of LIVE) {
      const { state, effects } = next(STATES[name], { kind: 'exited', exit: exit(0xc0000005) });
      assert.equal(state.name, 'ended');
      assert.deepEqual(effects, [
        {
          kind: 'settle',
          outcome: {
            kind: 'failed',
            reason: `the host process ended while ${name}: exit code 0xC0000005 (access violation)`,
            exitCode: 0xc0000005,
            pluginMay: 'have ended it',
          },
        },
      ]);
    }
  });

  it('does not hide a crash behind a result that came before it', () => {
    const ending = next(STATES.running, EVENTS.finished).state;
    const [settle] = next(ending, { kind: 'exited', exit: exit(0xc0000374) }).effects;
    assert.ok(settle?.kind === 'settle' && settle.outcome.kind === 'failed');
    assert.match(settle.outcome.reason, /0xC0000374 \(heap corruption\)/);
  });

  it('has no result of a host that left processes behind', () => {
    const left: SlotEvent = { kind: 'exited', exit: { ...exit(0), leftOthers: true } };
    const [settle] = next(next(STATES.running, EVENTS.finished).state, left).effects;
    assert.ok(settle?.kind === 'settle');
    assert.deepEqual(settle.outcome, {
      kind: 'failed',
      reason: 'the host process finished, but it left processes behind, which were killed',
      pluginMay: 'have called fork()',
    });
    const [crashed] = next(STATES.running, left).effects;
    assert.ok(crashed?.kind === 'settle' && crashed.outcome.kind === 'failed');
    assert.match(crashed.outcome.reason, /from outside; it left processes behind/);
    assert.equal(crashed.outcome.pluginMay, 'have called fork()');
    // What the agent itself ended has the reason for which it was ended.
    const [aborted] = next(STATES.ending, left).effects;
    assert.ok(aborted?.kind === 'settle');
    assert.deepEqual(aborted.outcome, { kind: 'aborted', reason: 'cancelled' });
  });

  it('kills a host that misses its deadline', () => {
    assert.deepEqual(next(STATES.ending, EVENTS.overdue).effects, [{ kind: 'killHost' }]);
  });

  it('refuses a start without a prepare, and ignores a second start', () => {
    const effectsOf = (name: SlotStateName) =>
      next(STATES[name], EVENTS.start).effects.map(({ kind }) => kind);
    for (const name of ['waiting', 'preparing', 'ending', 'ended'] as const) {
      assert.deepEqual(effectsOf(name), ['refuseStart']);
    }
    assert.deepEqual(effectsOf('starting'), []);
    assert.deepEqual(effectsOf('running'), []);
  });

  it('ends a host that sends an unexpected message', () => {
    const { state, effects } = next(STATES.prepared, EVENTS.finished);
    assert.equal(state.name, 'ending');
    assert.deepEqual(effects, [{ kind: 'killHost' }]);
  });

  it('handles every event in every state, and stays ended', () => {
    for (const state of Object.values(STATES)) {
      for (const event of Object.values(EVENTS)) {
        const step = next(state, event);
        if (state.name === 'ended') assert.equal(step.state.name, 'ended');
      }
    }
  });
});
