import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Abort, Report, RunResult } from '@oversoak/contracts';
import { environment } from '@oversoak/testing/builders/made-agents';
import {
  fleetResult,
  histogram,
  MADE_GANG,
  madeResult,
  madeRun,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import type { RunRecord } from '../../src/model/run-record.ts';
import { takeReport } from '../../src/run/report-intake.ts';
import { refusal } from '../../src/run/report-refusal.ts';

const from = { runId: 'run-1', epoch: 1, agentId: 'agent-a', role: 'server', atMs: 1 } as const;
const running = madeRun({ state: 'measuring', epoch: 1, gang: [...MADE_GANG] });

/** `gone`: the run became done after it was read. */
function desk(run: RunRecord | null, gone = false) {
  const seen = {
    document: madeResult(),
    kept: [] as Report[],
    refused: [] as string[],
    sent: [] as [string, Abort, string][],
  };
  const parts = {
    runs: {
      get: async () => run,
      growResult: async (_runId: string, more: (before: RunResult) => RunResult | null) => {
        const after = more(seen.document);
        seen.document = after ?? seen.document;
        return after !== null;
      },
      refuseReport: async (reason: string) => void seen.refused.push(reason),
    },
    audit: { noteRefused: async () => {} },
    gangReports: {
      take: async (report: Report) => {
        const refused = gone ? 'run-is-done' : refusal(report, run);
        if (refused === null) seen.kept.push(report);
        return refused;
      },
    },
    queues: {
      sendAway: async (agentId: string, job: unknown, name: string) =>
        void seen.sent.push([agentId, job as Abort, name]),
    },
    nowMs: async () => 7,
    log: silentLog,
  };
  return { seen, parts };
}

describe('refusal', () => {
  const report: Report = { kind: 'started', ...from };

  it('accepts reports of this allocation of this run', () => {
    assert.equal(refusal(report, running), null);
  });

  it('names the reason for every other report', () => {
    assert.equal(refusal(report, null), 'unknown-run');
    assert.equal(refusal({ ...report, epoch: 2 }, running), 'other-epoch');
    assert.equal(refusal({ ...report, role: 'fleet' }, running), 'not-in-gang');
    assert.equal(refusal(report, { ...running, state: 'done' }), 'run-is-done');
  });
});

describe('takeReport', () => {
  it('stores a report of a member of the gang', async () => {
    const { seen, parts } = desk(running);
    const report: Report = { kind: 'failed', ...from, reason: 'why', exitCode: 3 };
    assert.equal(await takeReport('agent-a', report, parts), null);
    assert.deepEqual(seen.kept, [report]);
  });

  for (const data of [
    null,
    'x',
    {},
    { kind: 'started', ...from, more: 1 },
    { kind: 'x', ...from },
    // Its job would have a name that BullMQ refuses.
    { kind: 'started', ...from, runId: ':run' },
  ]) {
    it(`counts ${JSON.stringify(data)} as invalid`, async () => {
      const { seen, parts } = desk(running);
      assert.equal(await takeReport('agent-a', data, parts), 'invalid');
      assert.deepEqual(seen.refused, ['invalid']);
      assert.deepEqual(seen.kept, []);
    });
  }

  it('refuses a report that names another agent than its channel does', async () => {
    const { seen, parts } = desk(running);
    const report: Report = { kind: 'failed', ...from, reason: 'made up' };
    assert.equal(await takeReport('agent-b', report, parts), 'other-sender');
    assert.deepEqual([seen.refused, seen.kept], [['other-sender'], []]);
  });

  it('refuses a report that names an endpoint of its own', async () => {
    const { seen, parts } = desk(running);
    const about = { environment: environment(), clockOffsetMs: 0 };
    const prepared: Report = { kind: 'prepared', ...from, ...about, port: 5000 };
    assert.equal(await takeReport('agent-a', prepared, parts), null);
    const named = { ...prepared, endpoint: { host: '192.0.2.1', port: 80 } };
    assert.equal(await takeReport('agent-a', named, parts), 'invalid');
    assert.deepEqual(seen.kept, [prepared]);
  });

  it('refuses a result whose histograms cannot be read', async () => {
    const sound = fleetResult();
    const { final } = sound.figures;
    for (const intended of ['', 'HIST', histogram(1).slice(0, 20)]) {
      const { seen, parts } = desk(running);
      const latency = { ...final.measured.latency, intended };
      const broken = { ...final, measured: { ...final.measured, latency } };
      const result = { ...sound, figures: { ...sound.figures, final: broken } };
      const fleet = { ...from, agentId: 'agent-b', role: 'fleet' as const };
      assert.equal(
        await takeReport('agent-b', { kind: 'finished', ...fleet, result }, parts),
        'invalid',
      );
      assert.deepEqual(seen.kept, []);
    }
  });

  it('refuses a result of a server whose histograms cannot be read', async () => {
    const sound = serverFigures(1100);
    const { histograms } = sound;
    for (const [changes, refused] of [
      [{}, null],
      [{ lockWait: 'HIST' }, 'invalid'],
      [{ moveLatency: '' }, 'invalid'],
      [{ queueWait: { lobby: 'HIST' } }, 'invalid'],
      [{ queueWait: { arena: histogram(0) } }, 'invalid'],
    ] as const) {
      const { seen, parts } = desk(running);
      const result = serverResult({ ...sound, histograms: { ...histograms, ...changes } });
      assert.equal(
        await takeReport('agent-a', { kind: 'finished', ...from, result }, parts),
        refused,
      );
      assert.equal(seen.kept.length, refused === null ? 1 : 0);
    }
  });

  for (const gone of [false, true]) {
    const when = gone ? 'while it was taken' : 'before it came';
    it(`keeps a result of a run that was done ${when}, once, and judges nothing`, async () => {
      const run = gone ? running : { ...running, state: 'done' as const };
      const { seen, parts } = desk(run, gone);
      const { document } = seen;
      seen.document = { ...document, fleets: {} };
      const fleet = { ...from, agentId: 'agent-b', role: 'fleet' as const };
      const late: Report = { kind: 'finished', ...fleet, result: fleetResult() };
      assert.equal(await takeReport('agent-b', late, parts), null);
      const kept = { agentId: 'agent-b', atMs: 7, result: fleetResult() };
      assert.deepEqual(seen.document, { ...document, fleets: {}, late: [kept] });
      assert.equal(await takeReport('agent-b', late, parts), 'run-is-done');
      // The server's was in time.
      const inTime: Report = { kind: 'finished', ...from, result: serverResult() };
      assert.equal(await takeReport('agent-a', inTime, parts), 'run-is-done');
      assert.equal(seen.document.late.length, 1);
      assert.deepEqual(seen.kept, []);
      assert.deepEqual(seen.refused, ['run-is-done', 'run-is-done']);
    });
  }

  it('aborts an agent that starts on a finished run, but not one that ends', async () => {
    const { seen, parts } = desk({ ...running, state: 'done' });
    await takeReport('agent-a', { kind: 'started', ...from }, parts);
    await takeReport('agent-a', { kind: 'aborted', ...from, reason: 'requested' }, parts);
    assert.deepEqual(seen.refused, ['run-is-done', 'run-is-done']);
    assert.equal(seen.sent.length, 1);
    const [agentId, job, name] = seen.sent[0] ?? [];
    assert.equal(agentId, 'agent-a');
    assert.deepEqual(job, {
      kind: 'abort',
      runId: 'run-1',
      epoch: 1,
      reason: 'report refused: run-is-done',
    });
    assert.equal(name, 'abort-started-server');
  });
});
