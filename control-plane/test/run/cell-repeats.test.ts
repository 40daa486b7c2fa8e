import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  latencies,
  madeLatencies,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { Cells } from '../../src/store/cells.ts';

const ECHOES = 1000;

describe('the p99 of a cell', () => {
  let bench: TestCluster;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(async () => {
    await bench.clear();
    await bench.stop();
  });

  it('is over the echoes of all repeats, and not of the last one', async () => {
    const [a, b] = await bench.agents();
    for (const agent of [a, b]) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: LONG, repeats: 2 });
    /** Ends a repeat whose echoes took so long, and answers the p99 of the cell by then. */
    const p99After = async (repeat: number, medianMs: number) => {
      const runId = soak.runIds[repeat - 1] ?? '';
      await reach(plane, runId, 'measuring');
      const assigned = (agent: typeof a) => {
        const assign = agent.jobs.find((job) => job.kind === 'assign' && job.runId === runId);
        assert.ok(assign?.kind === 'assign');
        return agent.from(assign);
      };
      const intended = latencies(ECHOES, medianMs, repeat);
      const latency = madeLatencies({ intended, actual: intended });
      const result = fleetResult(fleetFigures(ECHOES, { latency }), fleetFigures(0));
      await b.report({ kind: 'finished', ...assigned(b), result });
      await a.report({ kind: 'finished', ...assigned(a), result: serverResult() });
      await reach(plane, runId, 'done');
      const [cell] = await new Cells(bench.redis).list();
      return cell?.figures?.p99Us ?? 0;
    };
    const slow = await p99After(1, 40);
    const both = await p99After(2, 1);
    assert.ok(slow > 40_000, `${slow} µs`);
    // Of 2,000 echoes the slowest 20 are of the first repeat: its own 98th percentile.
    assert.ok(both > 40_000 && both < slow, `${both} µs after ${slow} µs`);
  });
});
