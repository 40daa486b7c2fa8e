import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Check, SoakSpec, validate } from '@oversoak/contracts';
import { CELLS, type NightCell, specOf, wrongOf } from '../src/night/cells.ts';
import { heapReadings } from '../src/night/growth.ts';

const cellNamed = (name: string) => CELLS.find((cell) => cell.name === name) as NightCell;

const judged = (verdict: 'passed' | 'failed' | 'inconclusive', missed: string[] = []) => {
  const checks = missed.map((threshold): Check => ({ threshold, outcome: 'missed', actual: '2' }));
  return {
    run: { judgement: { verdict, reasons: ['why'], loadSound: true } },
    evidence: { checks, errorBound: null, drift: [] },
  };
};

describe('the night', () => {
  it('has soaks that a control plane accepts', () => {
    for (const cell of CELLS) {
      assert.ok('value' in validate(SoakSpec, specOf(cell, 40)), cell.name);
    }
  });

  it('leaks the stated 2 MiB per hour and one handle per minute', () => {
    const memory = cellNamed('leak-memory');
    const bytesPerHour =
      (memory.fault?.leakBytesPerAccept ?? 0) * memory.disconnectsPerSecond * 3600;
    assert.ok(Math.abs(bytesPerHour - 2 * 1024 ** 2) < 2_000, String(bytesPerHour));
    const handles = cellNamed('leak-handles');
    const perMinute =
      (handles.fault?.leakHandlesPerAccept ?? 0) * handles.disconnectsPerSecond * 60;
    assert.ok(Math.abs(perMinute - 1) < 1e-9, String(perMinute));
  });

  it('expects sound servers to pass, and leaks to fail by their own threshold only', () => {
    assert.equal(wrongOf(cellNamed('event'), judged('passed')), null);
    assert.match(wrongOf(cellNamed('event'), judged('inconclusive')) ?? '', /inconclusive and not/);
    const leak = cellNamed('leak-memory');
    const memory = 'drift.workingSet < 1MiB/h';
    assert.equal(wrongOf(leak, judged('failed', [memory])), null);
    assert.match(wrongOf(leak, judged('passed')) ?? '', /passed and not failed/);
    assert.match(wrongOf(leak, judged('failed', ['drift.handles < 20/h'])) ?? '', /and not by/);
    assert.match(wrongOf(leak, judged('failed', [memory, 'x'])) ?? '', /and not by/);
  });

  it('reads the heap size from a log', () => {
    const log = '{"level":30}\n{"heapAtMs":5,"heapBytes":7}\n{"heapAtMs":6,"hea';
    assert.deepEqual(heapReadings(log), [{ atMs: 5, bytes: 7 }]);
  });
});
