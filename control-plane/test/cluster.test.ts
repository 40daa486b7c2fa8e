import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SoakSpec } from '@oversoak/contracts';
import { TARGET, targetSpec } from '@oversoak/testing/builders/made-figures';
import {
  LONG,
  reach,
  reasons,
  slotsUsed,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';

describe('a cluster with simulated agents', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  it('runs a soak of two cells and two repeats to passed, in the order of the repeats', async () => {
    const [a] = await bench.agents();
    const plane = await bench.plane();
    const matrix = { notifier: ['iocp', 'event'], layout: ['homo'], sessions: [10] };
    const { soak } = await submit(plane, {
      matrix: matrix as SoakSpec['matrix'],
      repeats: 2,
    });
    const done = await Promise.all(soak.runIds.map((runId) => reach(plane, runId, 'done')));
    assert.deepEqual(
      done.map(({ judgement }) => judgement),
      done.map(() => ({
        verdict: 'passed',
        reasons: ['0 errors in 1,000 echoes: fewer than 1 in 333 at 95 %'],
        loadSound: true,
      })),
    );
    assert.deepEqual(
      a.received('assign').map((job) => job.kind === 'assign' && job.part.options),
      ['iocp', 'event', 'event', 'iocp'].map((notifier) => ({
        notifier,
        layout: 'homo',
        host: '0.0.0.0',
        port: 0,
        backlog: 1024,
        duplex: 'full',
        protocol: 'oversoak',
        threads: { io: 1, content: 0 },
        game: soak.spec.game,
        maxFrameBytes: 256,
        sendQueueBytes: 262_144,
        iocp: { skipCompletionPortOnSuccess: true, inlineRounds: 8 },
      })),
    );
    await bench.wentInOrder(soak.runIds[0] ?? '');
    assert.equal(await slotsUsed(plane), 0);
    const result = await plane.runs.result(soak.runIds[0] ?? '');
    assert.equal(result?.run.state, 'done');
    assert.equal(result?.clockOffsetsMs['agent-b'], 0.5);
    const stored = await plane.soaks.get(soak.soakId);
    assert.deepEqual(stored?.progress.verdicts, {
      passed: 4,
      failed: 0,
      inconclusive: 0,
      cancelled: 0,
    });
  });

  it('starts all members of a gang at the same time, with the endpoint of the server', async () => {
    const [a, b] = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    for (const agent of [a, b]) {
      const [start, ...more] = agent.received('start');
      assert.deepEqual(more, []);
      assert.deepEqual(start, {
        kind: 'start',
        runId: run.runId,
        epoch: 1,
        incarnation: agent.registration.incarnation,
        startAtMs: run.startAtMs,
        endpoint: { host: '127.0.0.1', port: 5000 },
      });
    }
  });

  it('gives server and fleet to one agent with two slots when there is no other', async () => {
    const [, b] = await bench.agents(2);
    await b.loseLease();
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'passed');
    assert.deepEqual(
      run.gang.map(({ agentId, role }) => `${agentId} ${role}`),
      ['agent-a server', 'agent-a fleet'],
    );
  });

  it('runs a soak of a target on a gang of one fleet, from its start at that target', async () => {
    const pair = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane, { matrix: { sessions: [10] }, target: TARGET });
    const endpoint = { host: TARGET.host, port: TARGET.port };
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.deepEqual(run.judgement, {
      verdict: 'passed',
      reasons: ['0 errors in 1,000 echoes: fewer than 1 in 333 at 95 %'],
      loadSound: true,
    });
    assert.deepEqual(
      run.gang.map(({ agentId, role }) => `${agentId} ${role}`),
      ['agent-a fleet'],
    );
    const [assign, start, ...more] = pair.flatMap((agent) => agent.jobs);
    assert.deepEqual(more, []);
    assert.ok(assign?.kind === 'assign' && assign.part.role === 'fleet');
    assert.deepEqual(assign.part.target, endpoint);
    assert.equal(assign.part.options.protocol, 'echo8');
    assert.ok(start?.kind === 'start');
    assert.deepEqual(start.endpoint, endpoint);
    await bench.wentInOrder(run.runId);
    assert.equal(await slotsUsed(plane), 0);
    const result = await plane.runs.result(run.runId);
    assert.equal(result?.server, null);
    assert.deepEqual(Object.keys(result?.fleets ?? {}), ['agent-a']);
  });

  it('keeps a run on a target waiting for a free agent, and refuses a target that no agent allows', async () => {
    const [, b] = await bench.agents();
    await b.loseLease();
    const plane = await bench.plane();
    const onTarget = { matrix: { sessions: [10] }, target: TARGET };
    const first = await submit(plane, { ...onTarget, phases: LONG });
    await reach(plane, first.soak.runIds[0], 'measuring');
    const second = await submit(plane, { ...onTarget, phases: LONG });
    await reach(plane, second.soak.runIds[0], 'allocating');
    const refused = await plane.submit(targetSpec({ target: { ...TARGET, host: '10.0.0.1' } }));
    assert.ok('problems' in refused);
    assert.deepEqual(
      refused.problems.map(({ pointer }) => pointer),
      ['/target'],
    );
  });

  it('ends a run whose prepare fails, names the agent and frees the others', async () => {
    const [a, b] = await bench.agents();
    b.behaviour.assign = 'fail';
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(reasons(run), /fleet on agent-b failed: the port is taken/);
    assert.equal(a.received('abort').length, 1);
    assert.equal(await slotsUsed(plane), 0);
  });

  it('ends a run whose prepare is not reported in time', async () => {
    const [a] = await bench.agents();
    a.behaviour.assign = 'silent';
    const plane = await bench.plane({ prepareMs: 200 });
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(reasons(run), /prepare timed out: no report from agent-a \(server\)/);
    assert.equal(await slotsUsed(plane), 0);
  });

  it('fails a run whose server host process crashes, with its exit code', async () => {
    const [a, b] = await bench.agents();
    a.behaviour.start = 'crash';
    b.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'failed');
    assert.match(reasons(run), /server on agent-a failed: .*0xC0000005/);
  });

  it('calls a run inconclusive whose fleet host process crashes', async () => {
    const [a, b] = await bench.agents();
    a.behaviour.start = 'silent';
    b.behaviour.start = 'crash';
    const plane = await bench.plane();
    const { soak } = await submit(plane);
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(reasons(run), /fleet on agent-b failed: .*0xC0000005/);
  });

  it('ends a run that loses an agent, without waiting for it', async () => {
    const [a, b] = await bench.agents();
    const plane = await bench.plane({ abortMs: 60_000 });
    const { soak } = await submit(plane, { phases: LONG });
    await reach(plane, soak.runIds[0], 'measuring');
    await b.loseLease();
    const run = await reach(plane, soak.runIds[0], 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(reasons(run), /agent agent-b \(fleet\) was lost/);
    assert.equal(a.received('abort').length, 1);
    assert.equal(await slotsUsed(plane), 0);
  });

  it('ends a run that no live agent could execute even if idle', async () => {
    const [, b] = await bench.agents();
    const plane = await bench.plane();
    const { soak } = await submit(plane, { repeats: 2, phases: LONG });
    await reach(plane, soak.runIds[0], 'measuring');
    await b.loseLease();
    const run = await reach(plane, soak.runIds[1], 'done');
    assert.equal(run.judgement?.verdict, 'inconclusive');
    assert.match(reasons(run), /no live agents can run it.*agent-b \(lease lapsed/);
  });

  for (const state of ['preparing', 'warming', 'measuring'] as const) {
    it(`cancels at once a run that is ${state}, and the queue behind it`, async () => {
      const [a, b] = await bench.agents();
      if (state === 'preparing') b.behaviour.assign = 'silent';
      const phases = state === 'warming' ? { ...LONG, warmUpSeconds: 30 } : LONG;
      const plane = await bench.plane();
      const stored = await submit(plane, { repeats: 3, phases });
      const [first] = stored.soak.runIds;
      await reach(plane, first, state);
      await until('every part is assigned', async () => a.jobs.length > 0 && b.jobs.length > 0);
      const beganMs = performance.now();
      await plane.cancel(stored);
      await plane.cancel(stored);
      const done = await Promise.all(
        stored.soak.runIds.map((runId) => reach(plane, runId, 'done')),
      );
      assert.ok(performance.now() - beganMs < 10_000, 'of 90 s');
      assert.deepEqual(
        done.map(({ judgement }) => judgement),
        done.map(() => ({
          verdict: 'cancelled',
          reasons: ['cancelled by request'],
          loadSound: false,
        })),
      );
      assert.equal(a.received('abort').length, 1);
      assert.equal(await slotsUsed(plane), 0);
      const progress = (await plane.soaks.get(stored.soak.soakId))?.progress;
      assert.equal(progress?.verdicts.cancelled, 3);
    });
  }

  it('does not wait for ever for an agent that does not acknowledge an abort', async () => {
    const [, b] = await bench.agents();
    b.behaviour.abort = 'silent';
    const plane = await bench.plane({ abortMs: 200 });
    const stored = await submit(plane, { phases: LONG });
    await reach(plane, stored.soak.runIds[0], 'measuring');
    await plane.cancel(stored);
    const run = await reach(plane, stored.soak.runIds[0], 'done');
    assert.deepEqual(run.notes, ['agent-b (fleet) did not acknowledge the abort']);
    assert.equal(await slotsUsed(plane), 0);
  });
});
