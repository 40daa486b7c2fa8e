import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report } from '@oversoak/contracts';
import { environment } from '@oversoak/testing/builders/made-agents';
import {
  fleetResult,
  MADE_GANG,
  madeRun,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import type { RunRecord } from '../../src/model/run-record.ts';
import { reportStep } from '../../src/run/report-step.ts';

const NOW = 1_000_000;
const server = { runId: 'run-1', epoch: 1, agentId: 'agent-a', role: 'server', atMs: 1 } as const;
const fleet = { ...server, agentId: 'agent-b', role: 'fleet' } as const;
const about = { environment: environment(), clockOffsetMs: 0 };
const bothPrepared: Report[] = [
  { kind: 'prepared', ...fleet, ...about },
  { kind: 'prepared', ...server, ...about, port: 5000 },
];

const runIn = (state: RunRecord['state'], changes: Partial<RunRecord> = {}) =>
  madeRun({ state, epoch: 1, gang: [...MADE_GANG], deadlineMs: NOW + 1, ...changes });
const step = (run: RunRecord | null, reports: readonly Report[]) =>
  reportStep(run, reports, NOW, RUN_LIMITS);

describe('a step of reports', () => {
  it('is that of the whole gang, if only the last report changes the state', () => {
    const { run, effects, outcomes } = step(runIn('preparing'), bothPrepared);
    assert.equal(run?.state, 'starting');
    assert.deepEqual(run.prepared, ['fleet.agent-b', 'server.agent-a']);
    assert.deepEqual(outcomes, [null, null]);
    assert.deepEqual(
      effects.map(({ kind }) => kind),
      ['start', 'timer'],
    );
  });

  it('ends with the report that changes the state', () => {
    const failed: Report = { kind: 'failed', ...fleet, reason: 'why' };
    const aborted: Report = { kind: 'aborted', ...server, reason: 'requested' };
    const first = step(runIn('measuring'), [failed, aborted]);
    assert.deepEqual([first.run?.state, first.run?.ended], ['judging', ['fleet.agent-b']]);
    assert.deepEqual(first.outcomes, [null]);
    const second = step(first.run, [aborted]);
    assert.deepEqual(second.run?.ended, ['fleet.agent-b', 'server.agent-a']);
    assert.deepEqual(
      second.effects.map(({ kind }) => kind),
      ['judge'],
    );
  });

  it('leaves the run as it is where no report changes it', () => {
    const before = runIn('measuring');
    const reports: Report[] = [
      { kind: 'started', ...server },
      { kind: 'started', ...fleet },
    ];
    assert.deepEqual(step(before, reports), { run: before, effects: [], outcomes: [null, null] });
    assert.equal(step(before, reports).run, before);
  });

  it('refuses a report among others, each with its reason', () => {
    const finished: Report = { kind: 'finished', ...fleet, result: fleetResult() };
    const { run, outcomes } = step(runIn('measuring'), [
      { kind: 'started', ...server, epoch: 0 },
      finished,
      { kind: 'started', ...server, role: 'fleet' },
      { kind: 'finished', ...server, result: serverResult() },
    ]);
    assert.deepEqual(outcomes, ['other-epoch', null, 'not-in-gang', null]);
    assert.equal(run?.state, 'judging');
    assert.deepEqual(step(runIn('done'), [finished]).outcomes, ['run-is-done']);
    assert.deepEqual(step(null, [finished]), { run: null, effects: [], outcomes: ['unknown-run'] });
  });

  it("takes the port from the server's report, and the host from the allocation", () => {
    const gang = [{ ...MADE_GANG[0], host: '10.0.0.7' }, MADE_GANG[1]];
    const { run } = step(runIn('preparing', { gang }), bothPrepared);
    assert.deepEqual(run?.endpoint, { host: '10.0.0.7', port: 5000 });
  });

  it("counts a server's death with its exit code", () => {
    const failed: Report = { kind: 'failed', ...server, reason: 'why', exitCode: 3 };
    const { run } = step(runIn('measuring', { startAtMs: 1 }), [failed]);
    assert.equal(run?.ending?.verdict, 'failed');
    assert.match(run.ending.reason, /^server on agent-a failed: why \(exit code 3\)/);
  });

  it('takes a reason of several lines as one', () => {
    const reason = 'boom\n::error::of an agent\r\n  Verdict   passed';
    const { run } = step(runIn('measuring', { startAtMs: 1 }), [
      { kind: 'failed', ...server, reason },
    ]);
    assert.match(run?.ending?.reason ?? '', /: boom ::error::of an agent Verdict {3}passed/);
    // The square of this would take hours.
    const long = { kind: 'failed', ...server, reason: ' '.repeat(4_000_000) } as const;
    assert.equal(step(runIn('measuring', { startAtMs: 1 }), [long]).outcomes[0], null);
  });
});
