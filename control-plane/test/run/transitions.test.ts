import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RUN_STATES, type RunState } from '@oversoak/contracts';
import { MADE_GANG, madeRun } from '@oversoak/testing/builders/made-figures';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import { memberKey, type RunRecord } from '../../src/model/run-record.ts';
import { effectsOf } from '../../src/run/effects.ts';
import { RUN_INPUT_KINDS, type RunInput } from '../../src/run/run-inputs.ts';
import { exitCodeText, next } from '../../src/run/transitions.ts';

const gang = [...MADE_GANG];
const [server, fleet] = MADE_GANG;
const judgement = { verdict: 'passed', reasons: [], loadSound: true } as const;
const NOW = 1_000_000;

const missedCheck = { threshold: 'errors.corrupt == 0', outcome: 'missed', actual: '1' } as const;

/** A run as it stands in each state. */
function runIn(state: RunState): RunRecord {
  const deadlineMs = state === 'done' ? null : NOW;
  if (state === 'queued' || state === 'allocating') return madeRun({ state, deadlineMs });
  const prepared = state === 'preparing' ? [] : gang.map(memberKey);
  const startAtMs = state === 'preparing' ? null : NOW - 10;
  const endpoint = { host: '127.0.0.1', port: 1 };
  return madeRun({ state, deadlineMs, epoch: 1, gang, prepared, startAtMs, endpoint });
}

/** One event of each kind, such as can come in this state. */
function eventFor(kind: RunInput['kind'], run: RunRecord): RunInput {
  const events: { [K in RunInput['kind']]: Extract<RunInput, { kind: K }> } = {
    admit: { kind: 'admit' },
    placeable: { kind: 'placeable' },
    unplaceable: { kind: 'unplaceable', reason: 'nobody' },
    allocated: { kind: 'allocated', epoch: 1, gang },
    prepared: { kind: 'prepared', who: server, endpoint: { host: '127.0.0.1', port: 1 } },
    started: { kind: 'started', who: server },
    finished: { kind: 'finished', who: server },
    failed: { kind: 'failed', who: server, reason: 'why' },
    aborted: { kind: 'aborted', who: server, reason: 'why' },
    lost: { kind: 'lost', who: fleet },
    timer: { kind: 'timer', state: run.state, deadlineMs: run.deadlineMs ?? NOW },
    cancel: { kind: 'cancel' },
    recovered: { kind: 'recovered' },
    missed: { kind: 'missed', reason: 'too many', check: missedCheck },
    judged: { kind: 'judged', judgement: { ...judgement, reasons: [] }, evidence: null },
  };
  return events[kind];
}

const move = (run: RunRecord, event: RunInput, nowMs = NOW) =>
  next(run, event, nowMs, RUN_LIMITS)?.run ?? run;

/** Which states each event leads to; what is not named stays where it is. */
const MOVES: { [S in RunState]: Partial<Record<RunInput['kind'], RunState>> } = {
  queued: { admit: 'allocating', timer: 'judging', cancel: 'judging' },
  allocating: { allocated: 'preparing', timer: 'judging', cancel: 'judging' },
  preparing: {
    failed: 'judging',
    aborted: 'judging',
    lost: 'judging',
    timer: 'judging',
    cancel: 'judging',
  },
  starting: {
    failed: 'judging',
    aborted: 'judging',
    lost: 'judging',
    timer: 'warming',
    cancel: 'judging',
  },
  warming: {
    failed: 'judging',
    aborted: 'judging',
    lost: 'judging',
    timer: 'measuring',
    cancel: 'judging',
    missed: 'judging',
  },
  measuring: {
    failed: 'judging',
    aborted: 'judging',
    lost: 'judging',
    timer: 'draining',
    cancel: 'judging',
    missed: 'judging',
  },
  draining: {
    failed: 'judging',
    aborted: 'judging',
    lost: 'judging',
    timer: 'judging',
    cancel: 'judging',
  },
  judging: {},
  done: {},
};

describe('the transition table', () => {
  for (const state of RUN_STATES) {
    for (const kind of RUN_INPUT_KINDS) {
      const target = MOVES[state][kind] ?? state;
      it(`${state} × ${kind} → ${target}`, () => {
        const run = runIn(state);
        const step = next(run, eventFor(kind, run), NOW, RUN_LIMITS);
        assert.equal((step?.run ?? run).state, target);
        if (step === null) return;
        assert.equal(step.run.version, run.version + 1);
        if (step.run.state !== state) assert.deepEqual(step.effects, effectsOf(step.run));
        if (step.run.state === 'done') assert.equal(step.run.deadlineMs, null);
        else assert.ok((step.run.deadlineMs ?? 0) > 0);
      });
    }

    it(`${state} has a deadline and, with nobody answering, a way out`, () => {
      let run = runIn(state);
      for (let steps = 0; run.state !== 'done'; steps++) {
        assert.ok(steps < 20, `${state} is still ${run.state}`);
        assert.ok(run.deadlineMs !== null);
        const judges = effectsOf(run).some((effect) => effect.kind === 'judge');
        const event: RunInput = judges
          ? { kind: 'judged', judgement: { ...judgement, reasons: [] }, evidence: null }
          : { kind: 'timer', state: run.state, deadlineMs: run.deadlineMs };
        run = move(run, event, run.deadlineMs);
      }
    });

    it(`${state} ignores a timer of another state or deadline, or before its time`, () => {
      const run = runIn(state);
      const deadlineMs = run.deadlineMs ?? NOW;
      const other = RUN_STATES.find((one) => one !== state) ?? state;
      for (const [event, nowMs] of [
        [{ kind: 'timer', state: other, deadlineMs }, NOW],
        [{ kind: 'timer', state, deadlineMs: deadlineMs + 1 }, NOW + 1],
        [{ kind: 'timer', state, deadlineMs }, deadlineMs - 1],
      ] as const) {
        assert.equal(next(run, event, nowMs, RUN_LIMITS), null);
      }
    });
  }
});

describe('a run', () => {
  it('starts when all have prepared, at one time after that', () => {
    const one = move(runIn('preparing'), {
      kind: 'prepared',
      who: server,
      endpoint: { host: '10.0.0.1', port: 7 },
    });
    assert.equal(one.state, 'preparing');
    const all = next(one, { kind: 'prepared', who: fleet }, NOW, RUN_LIMITS);
    assert.equal(all?.run.state, 'starting');
    assert.equal(all?.run.startAtMs, NOW + RUN_LIMITS.startLeadMs);
    assert.deepEqual(all?.run.endpoint, { host: '10.0.0.1', port: 7 });
    assert.deepEqual(all?.effects, [
      { kind: 'start', members: gang },
      { kind: 'timer', atMs: NOW + RUN_LIMITS.startLeadMs },
    ]);
  });

  it('on a target starts with it when its fleets have prepared, whatever they name', () => {
    const target = { host: '10.0.0.9', port: 7000 };
    const two = [fleet, { ...fleet, agentId: 'agent-c' }] as const;
    const run = { ...runIn('preparing'), gang: [...two], endpoint: target };
    const one = move(run, { kind: 'prepared', who: two[0] });
    assert.equal(one.state, 'preparing');
    const all = move(one, {
      kind: 'prepared',
      who: two[1],
      endpoint: { host: '1.1.1.1', port: 1 },
    });
    assert.equal(all.state, 'starting');
    assert.deepEqual(all.endpoint, target);
  });

  it('ignores a repeated report', () => {
    const once = move(runIn('preparing'), { kind: 'prepared', who: server });
    assert.equal(next(once, { kind: 'prepared', who: server }, NOW, RUN_LIMITS), null);
    const finished = move(runIn('draining'), { kind: 'finished', who: fleet });
    assert.equal(next(finished, { kind: 'finished', who: fleet }, NOW, RUN_LIMITS), null);
  });

  it('is judged when all have finished, even before the timers say so', () => {
    const one = move(runIn('warming'), { kind: 'finished', who: fleet });
    const all = next(one, { kind: 'finished', who: server }, NOW, RUN_LIMITS);
    assert.equal(all?.run.state, 'judging');
    assert.equal(all?.run.ending, null);
    assert.deepEqual(all?.effects, [{ kind: 'judge' }]);
  });

  it('that ends early aborts all working members, and waits for those that are not lost', () => {
    const lost = next(runIn('measuring'), { kind: 'lost', who: fleet }, NOW, RUN_LIMITS);
    const reason = 'agent agent-b (fleet) was lost: its lease lapsed';
    const [abort, timer] = lost?.effects ?? [];
    assert.ok(abort?.kind === 'abort' && abort.reason === reason);
    assert.deepEqual(abort.members.map(memberKey).sort(), ['fleet.agent-b', 'server.agent-a']);
    assert.deepEqual(timer, { kind: 'timer', atMs: NOW + RUN_LIMITS.abortMs });
    assert.ok(lost);
    const early = eventFor('judged', lost.run);
    assert.equal(next(lost.run, early, NOW, RUN_LIMITS), null);
    const stopped = { kind: 'aborted', who: server, reason: 'requested' } as const;
    // The abort is sent again without waiting for the agent, which may return with its part still running.
    const judging = next(lost.run, stopped, NOW, RUN_LIMITS)?.effects ?? [];
    assert.deepEqual(
      judging.map((effect) => ('members' in effect ? effect.members.map(memberKey) : effect)),
      [['fleet.agent-b'], { kind: 'judge' }],
    );
  });

  it('that missed a threshold which ends it fails for that, and keeps the check', () => {
    const step = next(runIn('measuring'), eventFor('missed', runIn('measuring')), NOW, RUN_LIMITS);
    assert.deepEqual(step?.run.ending, {
      verdict: 'failed',
      reason: 'too many',
      missed: missedCheck,
    });
    assert.deepEqual(step?.effects[0], { kind: 'abort', members: gang, reason: 'too many' });
  });

  it('fails when the server dies under load, and only then', () => {
    const died = { kind: 'failed', who: server, reason: 'ended', exitCode: -1073741819 } as const;
    const verdict = (run: RunRecord, event: RunInput = died) => move(run, event).ending?.verdict;
    assert.equal(verdict(runIn('measuring')), 'failed');
    assert.equal(verdict(runIn('draining')), 'failed');
    assert.equal(verdict(runIn('preparing')), 'inconclusive');
    assert.equal(verdict({ ...runIn('starting'), startAtMs: NOW + 1 }), 'inconclusive');
    assert.equal(verdict(runIn('measuring'), { ...died, who: fleet }), 'inconclusive');
    const hung = { kind: 'failed', who: server, reason: 'it did not finish in time' } as const;
    assert.equal(verdict(runIn('measuring'), hung), 'inconclusive');
    assert.match(move(runIn('measuring'), died).ending?.reason ?? '', /0xC0000005/);
  });

  it('gives agents time to deliver after the control plane was away', () => {
    for (const state of ['preparing', 'draining', 'judging'] as const) {
      const run = { ...runIn(state), deadlineMs: NOW - 60_000 };
      const recovered = move(run, { kind: 'recovered' });
      assert.equal(recovered.deadlineMs, NOW + RUN_LIMITS.recoverGraceMs);
    }
    assert.equal(move(runIn('measuring'), { kind: 'recovered' }).deadlineMs, NOW);
  });

  it('waits for capable agents only for a limited time', () => {
    const event = { kind: 'unplaceable', reason: 'nobody' } as const;
    const since = move(runIn('allocating'), event);
    assert.equal(since.unplaceableSinceMs, NOW);
    const late = NOW + RUN_LIMITS.unplaceableMs;
    assert.equal(next(since, event, late - 1, RUN_LIMITS), null);
    assert.equal(move(since, event, late).ending?.reason, 'nobody');
    const back = move(since, { kind: 'placeable' });
    assert.equal(back.unplaceableSinceMs, null);
  });
});

describe('exitCodeText', () => {
  it('shows a Windows status as hex and a small code as decimal', () => {
    assert.equal(exitCodeText(0xc0000005), 'exit code 0xC0000005');
    assert.equal(exitCodeText(-1073741819), 'exit code 0xC0000005');
    assert.equal(exitCodeText(3), 'exit code 3');
    assert.equal(exitCodeText(null), 'no exit code');
  });
});
