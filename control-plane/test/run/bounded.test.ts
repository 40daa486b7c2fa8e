// Whatever state a run is in: with nobody answering any more, its timers alone end it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Phases, plannedSeconds, RUN_STATES, type RunState } from '@oversoak/contracts';
import { MADE_GANG, madeRun, madeSpec } from '@oversoak/testing/builders/made-figures';
import { judge } from '../../src/judge/judge.ts';
import { assembleResult } from '../../src/judge/result.ts';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import { type Member, memberKey, type RunRecord } from '../../src/model/run-record.ts';
import { deadlineOf } from '../../src/run/deadlines.ts';
import { effectsOf } from '../../src/run/effects.ts';
import type { RunInput } from '../../src/run/run-inputs.ts';
import { next } from '../../src/run/transitions.ts';

const NOW = 1_000_000;
const SPEC = madeSpec();
const [server, fleet] = MADE_GANG;
const another = { ...fleet, agentId: 'agent-c', incarnation: 'agent-c-1' };

const GANGS: Member[][] = [[server, fleet], [fleet], [server, fleet, another]];
const PHASES: Phases[] = [
  { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 0.001, drainSeconds: 0 },
  { rampUpSeconds: 1.5, warmUpSeconds: 2, measureSeconds: 60.25, drainSeconds: 5 },
  { rampUpSeconds: 3600, warmUpSeconds: 86_400, measureSeconds: 2_500_000, drainSeconds: 3600 },
];

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => all.flatMap((some) => [some, [...some, item]]), [[]]);
}

/** Every way in which a run can stand in a state, just after it entered it. */
function runsIn(state: RunState): RunRecord[] {
  const entered = (changes: Partial<RunRecord>) => {
    const run = madeRun({ state, stateSinceMs: NOW, ...changes });
    return { ...run, deadlineMs: deadlineOf(run, NOW, RUN_LIMITS) };
  };
  if (state === 'queued' || state === 'allocating') {
    return PHASES.map((phases) => entered({ phases }));
  }
  return PHASES.flatMap((phases) =>
    GANGS.flatMap((gang) => {
      const keys = gang.map(memberKey);
      const given = { phases, gang, epoch: 1 };
      if (state === 'preparing') {
        const some = subsets(keys).filter((prepared) => prepared.length < keys.length);
        return some.map((prepared) => entered({ ...given, prepared }));
      }
      const begun = { ...given, prepared: keys, startAtMs: NOW + RUN_LIMITS.startLeadMs };
      if (state !== 'judging') {
        const some = subsets(keys).filter((finished) => finished.length < keys.length);
        return some.map((finished) => entered({ ...begun, finished, ended: finished }));
      }
      const ending = { verdict: 'inconclusive' as const, reason: 'an agent was lost' };
      return [
        entered({ ...begun, finished: keys, ended: keys }),
        ...subsets(keys).map((ended) => entered({ ...begun, ended, ending })),
      ];
    }),
  );
}

/** Of the limits that lie before a run with a gang: those of the queue are behind it. */
function boundMs(run: RunRecord): number {
  const { queuedMs, allocatingMs, maxRunSeconds: _, unplaceableMs: __, ...ahead } = RUN_LIMITS;
  if (run.state === 'queued') return queuedMs + ahead.abortMs + ahead.judgeMs;
  if (run.state === 'allocating') return allocatingMs + ahead.abortMs + ahead.judgeMs;
  const limitsMs = Object.values(ahead).reduce((sum, limit) => sum + limit, 0);
  return plannedSeconds(run.phases) * 1000 + limitsMs;
}

/** Nothing but timers happens; the judgement is the real one, of what was never reported. */
function leftAlone(start: RunRecord): { run: RunRecord; endedMs: number } {
  let run = start;
  let nowMs = NOW;
  while (run.state !== 'done') {
    const before = run;
    const { state, deadlineMs } = run;
    assert.ok(deadlineMs !== null, `${state} has no deadline`);
    let event: RunInput = { kind: 'timer', state, deadlineMs };
    if (effectsOf(run).some((effect) => effect.kind === 'judge')) {
      const judged = judge(assembleResult(run, SPEC, [], []), [], run.ending);
      event = { kind: 'judged', ...judged };
    } else nowMs = Math.max(nowMs, deadlineMs);
    run = next(run, event, nowMs, RUN_LIMITS)?.run ?? run;
    assert.notEqual(run, before, `${state} stays for ever`);
  }
  return { run, endedMs: nowMs };
}

describe('a run without any further input', () => {
  for (const state of RUN_STATES.filter((each) => each !== 'done')) {
    it(`ends in time from ${state}, as inconclusive`, () => {
      const runs = runsIn(state);
      assert.ok(runs.length >= PHASES.length);
      for (const start of runs) {
        const { run, endedMs } = leftAlone(start);
        const state = JSON.stringify(start);
        assert.equal(run.judgement?.verdict, 'inconclusive', state);
        assert.ok(endedMs - NOW <= boundMs(start), `${endedMs - NOW} ms: ${state}`);
      }
    });
  }
});
