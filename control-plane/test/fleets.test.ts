import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Assign } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import {
  LONG,
  reach,
  reasons,
  runOf,
  submit,
  TestCluster,
} from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { compareStored } from '../src/comparison/compare-stored.ts';
import { errorsOf, measuredLatency, measuredOf } from '../src/judge/figures.ts';

describe('a fleet over several agents', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  /** Agents a, b and c, the first serving; all of them run, none has finished. */
  const running = async () => {
    const agents = await Promise.all(['a', 'b', 'c'].map((id) => bench.agent(id)));
    for (const agent of agents) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, {
      matrix: { notifier: ['iocp'], layout: ['homo'], sessions: [25] },
      fleet: { agents: 2, threads: 1 },
      phases: { ...LONG, measureSeconds: 0.2, warmUpSeconds: 0 },
      seed: 7,
    });
    const [runId = ''] = soak.runIds;
    await reach(plane, runId, 'draining');
    const assigned = agents.map((agent) => agent.received('assign')[0] as Assign);
    return { plane, soak, runId, agents, assigned };
  };

  it('splits sessions and rate, starts all at one Redis time, and merges by counts', async () => {
    const { plane, soak, runId, agents, assigned } = await running();
    const parts = assigned.slice(1).map(({ part }) => part);
    assert.deepEqual(
      parts.map((part) =>
        part.role === 'fleet'
          ? [part.options.sessions, part.options.ratePerSecond, part.options.seed]
          : null,
      ),
      [
        [13, 1040, 7],
        [12, 960, 8],
      ],
    );
    const starts = agents.flatMap((agent) => agent.received('start'));
    const { startAtMs } = await runOf(plane, runId);
    assert.equal(starts.length, 3);
    for (const start of starts) assert.equal(start.kind === 'start' && start.startAtMs, startAtMs);
    const [seconds = '0'] = await bench.redis.time();
    assert.ok(Math.abs(Number(seconds) * 1000 - (startAtMs ?? 0)) < 60_000);

    const fleet = (sent: number, latencyMs: number, timeouts: number) =>
      fleetResult(
        fleetFigures(100 + sent, {
          connects: 13,
          latencyMs,
          errors: { notReceivedInTime: timeouts },
        }),
        fleetFigures(100, { connects: 13, latencyMs }),
      );
    const results = [
      serverResult(serverFigures(1100, { accepted: 26 })),
      fleet(900, 2, 1),
      fleet(100, 80, 2),
    ];
    for (const [index, agent] of agents.entries()) {
      const [assign, result] = [assigned[index], results[index]];
      assert.ok(assign !== undefined && result !== undefined);
      await agent.report({ kind: 'finished', ...agent.from(assign), result });
    }
    const run = await reach(plane, runId, 'done');
    const result = await plane.runs.result(runId);
    assert.ok(result !== null);
    assert.deepEqual(Object.keys(result.fleets).sort(), ['b', 'c']);
    assert.deepEqual(result.clockOffsetsMs, { a: 0.5, b: 0.5, c: 0.5 });
    assert.equal(measuredOf(result).echoed, 1000);
    assert.equal(errorsOf(result).notReceivedInTime, 3);
    assert.match(
      reasons(run),
      /errors.notReceivedInTime is 3, wanted .* == 0; 1,000 echoes measured/,
    );
    // Nine in ten took 2 ms: the mean of two percentiles would be 41 ms.
    const latency = measuredLatency(result, 'intended');
    assert.equal(latency.totalCount, 1000);
    assert.equal(Math.round(latency.getValueAtPercentile(90) / 1e6), 2);
    assert.equal(Math.round(latency.getValueAtPercentile(91) / 1e6), 80);
    const [cell] = (await compareStored(soak, plane.runs)).cells;
    assert.equal(cell?.ledger.sent, 1000 + 200);
  });

  it('is not sound without one of its agents, and compares accepts with all connects', async () => {
    const { plane, runId, agents, assigned } = await running();
    const [a, b, c] = agents;
    const [assignA, assignB, assignC] = assigned;
    assert.ok(a && b && c && assignA && assignB && assignC);
    const server = serverResult(serverFigures(1100, { accepted: 20 }));
    await a.report({ kind: 'finished', ...a.from(assignA), result: server });
    await b.report({ kind: 'finished', ...b.from(assignB), result: fleetResult() });
    await until('two have reported', async () => (await runOf(plane, runId)).finished.length === 2);
    assert.equal((await runOf(plane, runId)).state, 'draining');
    const short = fleetResult(fleetFigures(1100, { connects: 9 }));
    await c.report({ kind: 'finished', ...c.from(assignC), result: short });
    const run = await reach(plane, runId, 'done');
    assert.match(reasons(run), /server accepted 20 connections, fleets made 19/);
  });
});
