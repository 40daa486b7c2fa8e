import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Evidence, readHistogram, type Verdict } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  latencies,
  madeResult,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { cellFigures } from '../../src/judge/cell-figures.ts';

const by = (verdict: Verdict, loadSound = true) => ({ verdict, reasons: [], loadSound });
const slope = (metric: 'p99' | 'workingSet' | 'handles', value: number | null) => ({
  ...{ metric, unit: 'us/h' as const, windows: 9, slope: value },
  ...{ hours: 0, cycles: 0, low: null, high: null, rise: null },
});
const evidence: Evidence = {
  checks: [],
  errorBound: null,
  drift: [slope('p99', 12.5), slope('workingSet', 0), slope('handles', null)],
};

describe('figures of a cell', () => {
  it('are the p99 of the measurement and the drifts that are known', () => {
    const figures = cellFigures(madeResult({ evidence }), by('passed'), 7.9);
    assert.ok(figures !== null);
    const { p99Us, ...others } = figures;
    assert.ok(Math.abs((p99Us ?? 0) - 2000) < 5, String(p99Us));
    const drift = [
      { metric: 'p99', slope: 12.5, low: null, high: null },
      { metric: 'workingSet', slope: 0, low: null, high: null },
    ];
    assert.deepEqual(others, { atMs: 7, platform: 'wine', drift });
  });

  it('have the p99 of all repeats together, not of the last one', () => {
    const slow = readHistogram(latencies(1_000, 50, 1));
    const alone = cellFigures(madeResult(), by('passed'), 7)?.p99Us ?? 0;
    const together = cellFigures(madeResult(), by('passed'), 7, slow)?.p99Us ?? 0;
    assert.ok(together > 10 * alone, `${together} of ${alone}`);
  });

  it('include failed runs and runs of a target', () => {
    assert.equal(cellFigures(madeResult(), by('failed'), 7)?.platform, 'wine');
    assert.equal(cellFigures(targetResult(), by('passed'), 7)?.platform, 'wine');
    // A threshold that could not be decided says nothing against the figures.
    assert.equal(cellFigures(madeResult(), by('inconclusive'), 7)?.platform, 'wine');
  });

  it('exclude runs that were not sound or are incomplete', () => {
    for (const verdict of ['inconclusive', 'cancelled', 'failed'] as const) {
      assert.equal(cellFigures(madeResult(), by(verdict, false), 7), null);
    }
    assert.equal(cellFigures(madeResult({ server: null }), by('failed'), 7), null);
    assert.equal(cellFigures(madeResult({ environments: {} }), by('passed'), 7), null);
  });

  it('have no p99 without echoes', () => {
    const fleets = { 'agent-b': fleetResult(fleetFigures(100)) };
    assert.equal(cellFigures(madeResult({ fleets }), by('failed'), 7)?.p99Us, null);
  });
});
