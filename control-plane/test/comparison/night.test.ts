import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Verdict } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  madeResult,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { fingerprint, nightCell } from '../../src/comparison/night.ts';

const cell = { notifier: 'iocp', layout: 'homo', sessions: 10 } as const;

/** A run with this latency; an inconclusive one whose load was not sound. */
function ran(verdict: Verdict, latencyMs = 2, loadSound = ['passed', 'failed'].includes(verdict)) {
  const made = madeResult();
  const run = { ...made.run, judgement: { verdict, reasons: [], loadSound } };
  const figures = (sent: number) => fleetFigures(sent, { latencyMs });
  const fleets = { 'agent-b': fleetResult(figures(1100), figures(100)) };
  return { run, result: { ...made, run, fleets } };
}

it('a night has the figures of its sound runs, and the worst verdict of all', () => {
  const night = nightCell(cell, [ran('passed'), ran('failed'), ran('inconclusive', 900)]);
  assert.deepEqual([night.key, night.verdict], ['iocp.homo.10', 'failed']);
  assert.deepEqual(Object.keys(night.figures).sort(), [
    'echo.latency.p50',
    'echo.latency.p99',
    'echo.latency.slowest',
    'sent.rate',
    'server.cpuPerEcho',
    'server.workingSet',
  ]);
  const alone = nightCell(cell, [ran('passed')]);
  assert.equal(night.figures['echo.latency.p99'], alone.figures['echo.latency.p99']);
  assert.equal(night.platform.length, 1);
});

it('a run with a sound load counts, even if a threshold is undecided', () => {
  const night = nightCell(cell, [ran('inconclusive', 2, true)]);
  const alone = nightCell(cell, [ran('passed')]);
  assert.deepEqual(night.figures, alone.figures);
});

it('a night without a sound run has none', () => {
  for (const verdict of ['inconclusive', 'cancelled'] as const) {
    const night = nightCell(cell, [ran(verdict)]);
    assert.deepEqual([night.verdict, night.figures], [verdict, {}]);
  }
});

it('specs that measure the same have one fingerprint, in any order of their fields', () => {
  const spec = madeSpec({ matrix: { notifier: ['iocp'], layout: ['homo'], sessions: [10] } });
  const { matrix, ...rest } = spec;
  const turned = { ...rest, matrix: { sessions: [10], layout: ['homo'], notifier: ['iocp'] } };
  assert.equal(fingerprint({ ...spec, ...turned } as typeof spec), fingerprint(spec));
  assert.equal(fingerprint({ ...spec, name: 'other', thresholds: [] }), fingerprint(spec));
  const other = { ...spec, matrix: { ...matrix, sessions: [20] } };
  assert.notEqual(fingerprint(other), fingerprint(spec));
});
