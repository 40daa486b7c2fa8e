// What one comparison of many large results does to other callers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_QUOTAS } from '@oversoak/control-plane/model/quotas';
import { publicRun } from '@oversoak/control-plane/model/run-record';
import { Runs } from '@oversoak/control-plane/store/runs';
import { Soaks } from '@oversoak/control-plane/store/soaks';
import { expand } from '@oversoak/control-plane/submit/expand';
import {
  fleetResult,
  fleetWindows,
  latencies,
  madeResult,
  madeRun,
  madeSpec,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { AttackedPlane, MEMORY_MIB } from './attacked-plane.ts';

/** Windows of a night, and repeats of its one cell. */
const NIGHT = 1440;
const REPEATS = 8;
const SOAK_ID = 'soak-01k00000000000000000000000';
/** As long as a health check waits. */
const PATIENCE_MS = 1000;

describe('a report of eight nights', () => {
  let plane: AttackedPlane;
  before(async () => {
    plane = await AttackedPlane.start();
    // Not over the API, for they would take eight nights.
    const [soaks, runs] = [new Soaks(plane.redis), new Runs(plane.redis)];
    const spec = madeSpec({ repeats: REPEATS });
    const planned = expand({ spec }).map((each) =>
      madeRun({
        ...each,
        runId: `run-${SOAK_ID.slice(5)}-${each.index}`,
        soakId: SOAK_ID,
        version: 7,
      }),
    );
    const runIds = planned.map(({ runId }) => runId);
    const soak = { soakId: SOAK_ID, name: 'nights', createdAtMs: 1, spec, runIds };
    const account = { owner: 'nobody', quotas: DEFAULT_QUOTAS };
    // Before its runs can be dispatched, they are done.
    await plane.down();
    await soaks.create({ ...soak, origin: { kind: 'submitted' } }, planned, null, account);
    for (const run of planned) {
      const judgement = { verdict: 'passed' as const, reasons: [], loadSound: true };
      const ended = { state: 'done' as const, stateSinceMs: Date.now(), judgement };
      const done = { ...run, version: 8, ...ended };
      const intended = latencies(500, 2, run.index);
      const fleet = fleetResult();
      fleet.series.windows = fleetWindows(NIGHT, () => ({ intended }));
      const server = serverResult();
      server.series.windows = serverWindows(NIGHT);
      const fleets = { 'agent-b': fleet };
      const result = madeResult({ run: publicRun(done), spec, server, fleets });
      assert.ok(await runs.store(run, done, { result, reports: 0, figures: null }));
    }
    await plane.up();
  });
  after(() => plane.stop());

  it('does not block the health check, and is stored afterwards', {
    timeout: 300_000,
  }, async (t) => {
    const path = `/v1/soaks/${SOAK_ID}/report`;
    let answered = false;
    const report = plane.call(path).finally(() => {
      answered = true;
    });
    let slowestMs = 0;
    while (!answered) {
      const { status, tookMs } = await plane.call('/healthz', { token: '' });
      assert.equal(status, 200);
      slowestMs = Math.max(slowestMs, tookMs);
      await delay(20);
    }
    const { status, tookMs, text } = await report;
    assert.equal(status, 200, text.slice(0, 300));
    t.diagnostic(
      `a report of ${tookMs.toFixed(0)} ms, the slowest health ${slowestMs.toFixed(0)} ms`,
    );
    assert.ok(tookMs > PATIENCE_MS, 'it has to take long to say anything');
    assert.ok(slowestMs < PATIENCE_MS, `${slowestMs} ms`);
    const again = await plane.call(path);
    assert.ok(again.tookMs < tookMs / 4, `${again.tookMs} ms`);
    // A token has four at a time.
    const many = await Promise.all(
      Array.from({ length: 10 }, () => plane.call(`${path}?format=html`)),
    );
    const statuses = new Set(many.map((answer) => answer.status));
    assert.deepEqual([...statuses].sort(), [200, 429]);
    assert.ok((await plane.peakMiB()) < MEMORY_MIB);
  });
});
