import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OFF } from '@oversoak/telemetry';
import { MADE_GANG, madeRun } from '@oversoak/testing/builders/made-figures';
import { RecordingTelemetry } from '@oversoak/testing/control-plane/recording-telemetry';
import type { Refusal } from '../../src/run/report-refusal.ts';
import { type ReportJob, ReportTraces } from '../../src/telemetry/report-traces.ts';

const LAUNCH = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SENT = '00-5bf92f3577b34da6a3ce929d0e0e4736-10f067aa0ba902b7-01';
const run = madeRun({ state: 'measuring', epoch: 1, gang: [...MADE_GANG], trace: LAUNCH });
const report = { kind: 'started', runId: 'run-1', epoch: 1, agentId: 'agent-a', role: 'server' };

/** The span of a job that is taken like this. */
async function taken(job: ReportJob, take: () => Promise<Refusal | null> = async () => null) {
  const telemetry = new RecordingTelemetry();
  const traces = new ReportTraces({
    telemetry,
    runs: { get: async (runId) => (runId === run.runId ? run : null) },
    soakFacts: { of: async () => ({ name: 'made', schedule: null, trace: undefined }) },
    nowMs: async () => 1000,
  });
  await traces.around(job, take).catch(() => {});
  const [span, ...more] = telemetry.spans;
  assert.ok(span !== undefined && more.length === 0);
  return span;
}

describe('the span of a report', () => {
  it("continues the agent's trace and names the part", async () => {
    const span = await taken({ id: 'job-1', data: { ...report, trace: SENT } });
    assert.equal(span.parent, SENT);
    assert.deepEqual(span.links, []);
    assert.equal(span.failed, undefined);
    assert.equal(span.startMs, 1000);
    const { attributes } = span;
    assert.equal(attributes['oversoak.agent.id'], 'agent-a');
    assert.equal(attributes['oversoak.role'], 'server');
    assert.equal(attributes['oversoak.soak.name'], 'made');
    assert.equal(attributes['messaging.destination.name'], 'run-reports');
    assert.equal(attributes['messaging.operation.type'], 'process');
    assert.equal(attributes['messaging.message.id'], 'job-1');
  });

  it('is linked to the launch if the agent sends no readable trace', async () => {
    for (const trace of [undefined, 'x', 7]) {
      const span = await taken({ data: { ...report, trace } });
      assert.equal(span.parent, undefined);
      assert.deepEqual(span.links, [LAUNCH]);
    }
  });

  it('contains why a report was refused', async () => {
    const span = await taken({ data: report }, async () => 'other-epoch');
    assert.equal(span.attributes['error.type'], 'other-epoch');
    assert.equal(span.failed, 'report refused: other-epoch');
  });

  it('contains what failed', async () => {
    const span = await taken({ data: report }, async () => {
      throw new Error('Redis went away');
    });
    assert.equal(span.failed, 'Redis went away');
  });

  for (const data of [
    undefined,
    null,
    'x',
    { runId: 7 },
    { ...report, runId: 'run-2' },
    { ...report, agentId: 'agent-x' },
  ]) {
    it(`names no run for ${JSON.stringify(data)}`, async () => {
      const span = await taken({ data }, async () => 'invalid');
      assert.equal(span.attributes['oversoak.run.id'], undefined);
      assert.deepEqual(span.links, []);
    });
  }

  it('does not catch errors, and reads nothing if telemetry is off', async () => {
    const unread = async () => assert.fail('was read');
    const traces = new ReportTraces({
      telemetry: OFF,
      runs: { get: unread },
      soakFacts: { of: unread },
      nowMs: unread,
    });
    let took = 0;
    await traces.around({ data: report }, async () => {
      took++;
      return null;
    });
    assert.equal(took, 1);
    const failing = traces.around({ data: report }, async () => {
      throw new Error('why');
    });
    await assert.rejects(failing, /why/);
  });
});
