import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MADE_GANG, madeRun, madeSpec } from '@oversoak/testing/builders/made-figures';
import { RecordingTelemetry } from '@oversoak/testing/control-plane/recording-telemetry';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import type { RunRecord } from '../../src/model/run-record.ts';
import { Driver } from '../../src/run/driver.ts';
import { RunTraces } from '../../src/telemetry/run-traces.ts';

const NOW = 5000;
const nothing = async () => {};
const spec = madeSpec();
const soak = {
  ...{ soakId: 'soak-1', name: 'made', createdAtMs: 0, runIds: ['run-1'], spec },
  origin: { kind: 'submitted' as const },
};
const progress = {
  ...{ begun: 0, done: 0, cancelRequested: false, endedAtMs: null, samplesDeleted: false },
  verdicts: { passed: 0, failed: 0, inconclusive: 0, cancelled: 0 },
};
const allocated = { kind: 'allocated' as const, epoch: 1, gang: [...MADE_GANG] };

/** A driver beside another one, which stores the same change first where `second`. */
function desk(second: boolean) {
  const telemetry = new RecordingTelemetry();
  const nowMs = async () => NOW;
  let stored = madeRun({ state: 'allocating', stateSinceMs: 4000, deadlineMs: 9000 });
  const runs = {
    get: async () => stored,
    store: async (_before: RunRecord, run: RunRecord) => {
      stored = second ? { ...run, trace: 'of the other' } : run;
      return !second;
    },
    keepReports: async () => true,
    effectsDone: nothing,
    getAll: async () => [],
    result: async () => null,
    reports: async () => [],
    events: async () => [],
  };
  const driver = new Driver({
    runs,
    soaks: { get: async () => ({ soak, progress }) },
    queues: { dispatch: nothing, timer: nothing, send: nothing },
    traces: new RunTraces({ telemetry, soakFacts: { of: async () => null }, nowMs }),
    soakEnds: { notify: nothing },
    nowMs,
    limits: RUN_LIMITS,
    log: silentLog,
  });
  return { telemetry, driver };
}

it('a change that another control plane stored first is exported only by that one', async () => {
  const { telemetry, driver } = desk(true);
  const run = await driver.apply('run-1', allocated);
  assert.equal(run?.trace, 'of the other');
  assert.deepEqual(telemetry.spans, []);
});

it('a stored change is exported', async () => {
  const { telemetry, driver } = desk(false);
  const run = await driver.apply('run-1', allocated);
  const [dispatch] = telemetry.named('run.dispatch');
  assert.equal(dispatch?.trace, run?.trace);
  assert.equal(dispatch?.startMs, 4000);
  assert.equal(dispatch?.endMs, NOW);
});
