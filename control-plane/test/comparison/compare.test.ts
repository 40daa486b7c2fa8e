import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Comparison, type RunResult, type Verdict } from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { type ComparedRun, compareCell, compareSoak } from '../../src/comparison/compare.ts';
import { comparisonCsv } from '../../src/comparison/csv.ts';
import { fleetFigures, fleetResult, madeResult } from '../made-figures.ts';

const cell = { notifier: 'iocp', layout: 'homo', sessions: 10 } as const;

function run(
  repeat: number,
  verdict: Verdict | null,
  result: RunResult | null = madeResult(),
): ComparedRun {
  const judgement = verdict === null ? null : { verdict, reasons: [`${verdict} for a reason`] };
  const shown = { ...madeResult().run, runId: `run-${repeat}`, repeat, judgement };
  return { run: shown, result };
}

const latency = (count: number, latencyMs: number) => ({
  fleets: {
    'agent-b': fleetResult(fleetFigures(100 + count, { latencyMs }), {
      ...fleetFigures(100, { latencyMs }),
    }),
  },
});

describe('compareCell', () => {
  it('merges histograms by counts and never averages percentiles', () => {
    const quick = madeResult(latency(9900, 1));
    const slow = madeResult(latency(300, 500));
    const compared = compareCell(cell, [run(1, 'passed', quick), run(2, 'passed', slow)]);
    const { p50Us, p99Us, count } = compared.latencyIntended;
    assert.equal(count, 10_200);
    assert.ok(p50Us !== null && p50Us < 1100, `median ${p50Us}`);
    assert.ok(p99Us !== null && p99Us > 400_000, `p99 ${p99Us}`);
  });

  it('pools rates and sums counters over the repeats', () => {
    const compared = compareCell(cell, [run(1, 'passed'), run(2, 'passed')]);
    assert.equal(compared.key, 'iocp.homo.10');
    assert.equal(compared.measuredSeconds, 20);
    assert.equal(compared.echoes, 2000);
    assert.equal(compared.offeredRate, 100);
    assert.equal(compared.achievedRate, 100);
    assert.deepEqual(compared.ledger, {
      sent: 2200,
      echoed: 2200,
      inFlight: 0,
      lostOnClose: 0,
      balanced: true,
    });
    // 0.2 ms of CPU for each echo.
    assert.ok(Math.abs((compared.serverCpuSecondsPer1000Echoes ?? 0) - 0.2) < 1e-9);
    assert.equal(compared.completionsPerBatch, 2);
    assert.equal(compared.receivesAtOnceShare, 0.25);
    assert.deepEqual(compared.platform, [
      'Wine 8.0 on Linux: correctness and relative cost, not Windows performance',
    ]);
  });

  it('adds the rates of several fleets', () => {
    const fleets = { 'agent-b': fleetResult(), 'agent-c': fleetResult() };
    const compared = compareCell(cell, [run(1, 'passed', madeResult({ fleets }))]);
    assert.equal(compared.measuredSeconds, 10);
    assert.equal(compared.achievedRate, 200);
  });

  it('takes the worst verdict, and none while a run is not done', () => {
    assert.equal(compareCell(cell, [run(1, 'passed'), run(2, 'failed')]).verdict, 'failed');
    assert.equal(compareCell(cell, [run(1, 'passed'), run(2, null, null)]).verdict, null);
  });

  it('leaves out the figures of runs that lack some', () => {
    const half = run(2, 'inconclusive', madeResult({ server: null }));
    assert.equal(compareCell(cell, [run(1, 'passed'), half]).echoes, 1000);
    const none = compareCell(cell, [half]);
    assert.equal(none.offeredRate, null);
    assert.equal(none.serverCpuSecondsPer1000Echoes, null);
    assert.equal(none.latencyIntended.p99Us, null);
  });
});

describe('compareSoak', () => {
  const soak = { soakId: 'soak-1', name: '=made' };
  const passed = compareCell(cell, [run(1, 'passed')]);
  const open = compareCell({ ...cell, sessions: 20 }, [run(1, null, null)]);

  it('is what its schema says, done or not', () => {
    for (const cells of [[passed], [passed, open], [open]]) {
      const comparison = compareSoak(soak, cells);
      assert.deepEqual(Value.Errors(Comparison, comparison), []);
      assert.equal(comparison.complete, !cells.includes(open));
    }
    assert.equal(compareSoak(soak, [passed]).verdict, 'passed');
    assert.equal(compareSoak(soak, [passed, open]).verdict, null);
  });

  it('is written as CSV with a line per cell, null as nothing, formulas disarmed', () => {
    const lines = comparisonCsv(compareSoak(soak, [passed, open]))
      .trimEnd()
      .split('\n');
    assert.equal(lines.length, 3);
    const header = lines[0]?.split(',') ?? [];
    const field = (line: number, name: string) => lines[line]?.split(',')[header.indexOf(name)];
    assert.equal(field(1, 'key'), 'iocp.homo.10');
    assert.equal(field(1, 'name'), "'=made");
    assert.equal(field(1, 'ledger.balanced'), 'true');
    assert.equal(field(1, 'latencyIntended.count'), '1000');
    assert.equal(field(2, 'offeredRate'), '');
    assert.equal(field(2, 'errors.corrupt'), '0');
  });
});
