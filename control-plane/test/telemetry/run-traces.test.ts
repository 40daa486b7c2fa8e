import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { readTrace, type SpanName } from '@oversoak/contracts';
import {
  type RecordedSpan,
  RecordingTelemetry,
} from '@oversoak/testing/control-plane/recording-telemetry';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import type { RunRecord } from '../../src/model/run-record.ts';
import { runKey, soakKey } from '../../src/store/names.ts';

const OF_RUN: SpanName[] = ['run.dispatch', 'run.prepare', 'run.start', 'run.verdict'];
const runIdOf = ({ attributes }: RecordedSpan) => attributes['oversoak.run.id'];
const messageOf = ({ attributes }: RecordedSpan) =>
  `${attributes['messaging.destination.name']} ${attributes['messaging.message.id']}`;
const traceIdOf = (trace: string | null | undefined) => trace?.split('-')[1];

describe('traces of runs', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  /** The one span of this name. */
  const only = (telemetry: RecordingTelemetry, name: SpanName): RecordedSpan => {
    const [span, ...more] = telemetry.named(name);
    assert.ok(span !== undefined && more.length === 0, `${name}: ${telemetry.named(name).length}`);
    return span;
  };

  it('have one trace for a launch, linked to the submission, and one for the verdict', async () => {
    const [a, b] = await bench.agents();
    const telemetry = new RecordingTelemetry();
    const plane = await bench.plane({}, { telemetry });
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    const submitted = only(telemetry, 'soak.submit');
    assert.equal(soak.trace, submitted.trace);
    assert.equal(submitted.attributes['oversoak.soak.id'], soak.soakId);
    const [dispatch, prepare, start, verdict] = OF_RUN.map((name) => only(telemetry, name));
    assert.equal(dispatch?.trace, run.trace);
    assert.equal(dispatch?.parent, undefined);
    assert.deepEqual(dispatch?.links, [submitted.trace]);
    assert.equal(prepare?.parent, run.trace);
    assert.equal(start?.parent, run.trace);
    assert.equal(start?.endMs, run.startAtMs);
    assert.equal(verdict?.parent, undefined);
    assert.notEqual(traceIdOf(verdict?.trace), traceIdOf(run.trace));
    assert.deepEqual(verdict?.links, [run.trace]);
    assert.equal(verdict?.attributes['oversoak.verdict'], 'passed');
    assert.equal(verdict?.attributes['oversoak.platform'], 'wine');
    assert.equal(verdict?.attributes['oversoak.schedule'], '');
    for (const [one, next] of [
      [dispatch, prepare],
      [prepare, start],
    ]) {
      assert.equal(one?.endMs, next?.startMs);
      assert.equal(one?.failed, undefined);
    }

    const sent = telemetry.named('job.send');
    assert.deepEqual(
      sent.map(({ attributes }) => attributes['messaging.message.id']).sort(),
      ['assign-fleet', 'assign-server', 'start', 'start'].map((name) => `${name}-${run.runId}-1`),
    );
    const carried = [...a.jobs, ...b.jobs].map((job) => (job.kind === 'probe' ? null : job.trace));
    assert.deepEqual(carried.sort(), sent.map(({ trace }) => trace).sort());
    assert.ok(sent.every(({ parent }) => parent === run.trace));
    assert.deepEqual(
      new Set(sent.map(({ attributes }) => attributes['messaging.destination.name'])),
      new Set(['agent-agent-a', 'agent-agent-b']),
    );

    // Simulated agents export no traces: their reports are linked to the launch.
    const taken = await until('all reports are taken', async () => {
      const spans = telemetry.named('job.process');
      return spans.length === 6 ? spans : null;
    });
    for (const { links, attributes, failed } of taken) {
      assert.deepEqual(links, [run.trace]);
      assert.equal(attributes['oversoak.run.id'], run.runId);
      assert.equal(failed, undefined);
    }
  });

  it('are exported only by the control plane that stored the change', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await bench.agent(id);
    const telemetries = [new RecordingTelemetry(), new RecordingTelemetry()];
    const planes = await Promise.all(
      telemetries.map((telemetry) => bench.plane({}, { telemetry })),
    );
    const [one] = planes;
    assert.ok(one !== undefined);
    const soaks = await Promise.all(
      planes.flatMap((plane) => [submit(plane, { repeats: 2 }), submit(plane, { repeats: 2 })]),
    );
    const runIds = soaks.flatMap(({ soak }) => soak.runIds);
    for (const runId of runIds) await reach(one, runId, 'done');
    const spans = telemetries.flatMap((telemetry) => telemetry.named(...OF_RUN));
    for (const name of OF_RUN) {
      const named = spans.filter((span) => span.name === name);
      assert.deepEqual(named.map(runIdOf).sort(), [...runIds].sort(), name);
    }
    assert.equal(telemetries.flatMap((telemetry) => telemetry.named('soak.submit')).length, 4);
    const jobs = telemetries.flatMap((telemetry) => telemetry.named('job.send'));
    assert.equal(jobs.length, 4 * runIds.length);
  });

  it('are exported once when two make the same change at the same moment', async () => {
    await bench.agents();
    const telemetries = [new RecordingTelemetry(), new RecordingTelemetry()];
    const planes = await Promise.all(
      telemetries.map((telemetry) => bench.plane({}, { telemetry })),
    );
    const [one] = planes;
    assert.ok(one !== undefined);
    const { soak } = await submit(one, { phases: LONG });
    const { runId } = await reach(one, soak.runIds[0], 'measuring');
    const stored = await one.soaks.get(soak.soakId);
    assert.ok(stored !== null);
    // Both end the same run again and again, and both take its reports.
    await Promise.all([...planes, ...planes].map((plane) => plane.cancel(stored)));
    const run = await reach(one, runId, 'done');
    const verdicts = telemetries.flatMap((telemetry) => telemetry.named('run.verdict'));
    assert.equal(verdicts.length, 1);
    assert.equal(verdicts[0]?.attributes['oversoak.verdict'], 'cancelled');
    assert.equal(verdicts[0]?.failed, undefined);
    const aborts = telemetries.flatMap((telemetry) =>
      telemetry
        .named('job.send')
        .filter(({ attributes }) => String(attributes['messaging.message.id']).startsWith('abort')),
    );
    assert.equal(aborts.length, run.gang.length);
  });

  it('continue from the stored trace after a takeover, with no job exported twice', async () => {
    const [a, b] = await bench.agents();
    a.behaviour.assign = 'silent';
    const before = new RecordingTelemetry();
    const first = await bench.plane({}, { telemetry: before });
    const { soak } = await submit(first);
    const { runId, trace } = await reach(first, soak.runIds[0], 'preparing');
    await until('both have a job', async () => before.named('job.send').length === 2);
    await until('b has its job', async () => b.received('assign').length === 1);
    await bench.end(first);

    const later = new RecordingTelemetry();
    const second = await bench.plane({}, { telemetry: later });
    const [assign] = a.received('assign');
    assert.ok(assign?.kind === 'assign');
    await a.prepare(assign);
    await reach(second, runId, 'done');
    assert.equal(only(before, 'run.dispatch').trace, trace);
    assert.equal(before.named('run.prepare').length, 0);
    assert.equal(only(later, 'run.prepare').parent, trace);
    assert.deepEqual(only(later, 'run.verdict').links, [trace]);
    const ids = [before, later].flatMap((telemetry) => telemetry.named('job.send').map(messageOf));
    assert.equal(new Set(ids).size, ids.length, ids.join());
    assert.equal(ids.length, 4, ids.join());
  });

  it('accept records and soaks of an older oversoak without traces', async () => {
    await bench.agents();
    const telemetry = new RecordingTelemetry();
    const plane = await bench.plane({}, { telemetry });
    for (const id of ['agent-a', 'agent-b']) await plane.agents.setDraining(id, true);
    const { soak } = await submit(plane);
    const waits = await reach(plane, soak.runIds[0], 'allocating');
    const { trace: _, ...record } = waits;
    await bench.redis.hset(runKey(waits.runId), 'record', JSON.stringify(record));
    const { trace: __, ...older } = soak;
    await bench.redis.hset(soakKey(soak.soakId), 'record', JSON.stringify(older));
    assert.equal((await plane.runs.get(waits.runId))?.trace, null);
    for (const id of ['agent-a', 'agent-b']) await plane.agents.setDraining(id, false);
    await reach(plane, waits.runId, 'done');
    assert.deepEqual(only(telemetry, 'run.dispatch').links, []);
    assert.equal(telemetry.named(...OF_RUN).length, 4);
  });

  it('contain that a run found no agents', async () => {
    const [, b] = await bench.agents();
    const telemetry = new RecordingTelemetry();
    const plane = await bench.plane({ unplaceableMs: 0 }, { telemetry });
    for (const id of ['agent-a', 'agent-b']) await plane.agents.setDraining(id, true);
    const { soak } = await submit(plane, { fleet: { agents: 1, threads: 1 } });
    await b.loseLease();
    const run: RunRecord = await reach(plane, soak.runIds[0], 'done');
    const dispatch = only(telemetry, 'run.dispatch');
    assert.match(dispatch.failed ?? '', /agent/);
    assert.equal(dispatch.failed, run.ending?.reason);
    assert.deepEqual(only(telemetry, 'run.verdict').links, [dispatch.trace]);
    assert.ok(readTrace(run.trace) !== undefined);
  });

  it('are neither exported nor propagated if telemetry is off', async () => {
    const [a, b] = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.trace, null);
    assert.ok(!('trace' in soak));
    assert.ok([...a.jobs, ...b.jobs].every((job) => !('trace' in job)));
  });
});
