import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EVIDENCE } from '@oversoak/testing/builders/results';
import { comparedCell, heteroCell, run, SPEC, soak } from '@oversoak/testing/builders/soaks';
import { durationText } from '../../src/models/duration.ts';
import { checkRows, countedErrors, driftText, evidenceOf } from '../../src/models/evidence.ts';
import { growthPerHour, growthText } from '../../src/models/growth.ts';
import { holders } from '../../src/models/held-agents.ts';
import { ONE, rankedIntervals, ratioAxis } from '../../src/models/intervals.ts';
import { layoutGroups } from '../../src/models/layout-pairs.ts';
import { nightPlot } from '../../src/models/nights.ts';
import { rangeText } from '../../src/models/range-text.ts';
import { activeRuns, runGrid } from '../../src/models/run-grid.ts';
import { linearScale, logScale } from '../../src/models/scale.ts';
import { ALL_SOAKS, filterOf } from '../../src/models/soak-filter.ts';
import { stageBars } from '../../src/models/stage-bars.ts';

const means = (queue: number) => ({
  count: 10,
  meanUs: { client: 0, 'network+wake': 50, lock: 0, queue, work: 0, send: 0, 'fan-out': 0 },
  dominating: 'queue' as const,
});

describe('view models', () => {
  it('draw the median and the tail on scales of their own', () => {
    const cells = [
      { ...comparedCell('iocp'), key: 'a', slowest: means(950) },
      { ...comparedCell('iocp'), key: 'b', slowest: means(450) },
    ];
    const latency = { oneIn: [], us: [] };
    const reported = [
      { key: 'a', latency, typical: means(50) },
      { key: 'b', latency, typical: means(0) },
    ];
    const [a, b] = stageBars(cells, reported);
    const lengths = (of: typeof a) =>
      of?.bars.map(({ parts }) => parts.reduce((sum, { length }) => sum + length, 0));
    assert.deepEqual(lengths(a), [100, 100]);
    assert.deepEqual(lengths(b), [50, 50]);
    assert.deepEqual(
      a?.bars.map(({ of }) => of),
      ['near the median', 'slowest 10 echoes'],
    );
    const queue = a?.bars[1]?.parts.find(({ stage }) => stage === 'queue');
    assert.deepEqual([queue?.from, queue?.length], [5, 95]);
  });

  it('put a ratio of 1 in the middle, and a half as far from it as a double', () => {
    const double = { ratio: 2, low: 1.5, high: 2.5 };
    const half = { ratio: 0.5, low: null, high: null };
    const none = { ratio: null, low: null, high: null };
    const axis = ratioAxis([double, half, none]);
    assert.equal(axis.lineOf({ ratio: 1, low: 1, high: 1 })?.at, ONE);
    const [up, down] = [axis.lineOf(double), axis.lineOf(half)];
    assert.ok(Math.abs((up?.at ?? 0) - ONE - (ONE - (down?.at ?? 0))) < 1e-9);
    assert.equal(down?.low, null);
    assert.equal(axis.lineOf(none), null);
    assert.ok((up?.high ?? 0) <= 100 && (up?.low ?? 0) > ONE);
  });

  it('rank on one axis whose range depends on the values, not on their intervals', () => {
    const cells = [
      { key: 'a', value: 1, low: 0.9, high: 1.1, repeats: 3 },
      { key: 'b', value: 2, low: 1e-9, high: 1e9, repeats: 2 },
      { key: 'c', value: 4, low: null, high: null, repeats: 1 },
    ];
    const [a, b, c] = rankedIntervals({ cells });
    assert.deepEqual(
      [a?.at, b?.at, c?.at].map((at) => Math.round(at ?? 0)),
      [25, 50, 75],
    );
    assert.deepEqual([b?.low, b?.high, c?.low], [0, 100, null]);
    assert.ok((a?.low ?? 0) > 20 && (a?.high ?? 100) < 30);
  });

  it('group cells that differ in their layout alone', () => {
    const homo = comparedCell('iocp');
    const groups = layoutGroups([
      homo,
      heteroCell('iocp'),
      { ...homo, cell: { ...homo.cell, sessions: 7 } },
    ]);
    assert.deepEqual(
      groups.map(({ cells }) => cells.map(({ cell }) => cell.layout)),
      [['homo', 'hetero']],
    );
  });

  it('show written thresholds, and implied ones that did not hold', () => {
    const reported = {
      runId: 'run-1',
      key: 'a',
      repeat: 1,
      evidence: EVIDENCE,
      notes: [],
      firstErrors: [],
      timeline: null,
    };
    const [of] = evidenceOf('a', [reported], SPEC);
    assert.deepEqual(evidenceOf('b', [reported], SPEC), []);
    assert.ok(of?.checks.some(({ threshold }) => threshold === 'errors.corrupt == 0'));
    assert.ok(of?.checks.every(({ threshold }) => threshold !== 'errors.outOfOrder == 0'));
    assert.equal((of?.checks.length ?? 0) + (of?.impliedHeld ?? 0), EVIDENCE.checks.length);
    const other = { ...reported, runId: 'run-2', repeat: 2, evidence: null };
    const rows = checkRows(evidenceOf('a', [reported, other], SPEC));
    assert.deepEqual(
      rows.map(({ threshold, checks }) => [threshold, checks[0]?.threshold, checks[1]]),
      of?.checks.map(({ threshold }) => [threshold, threshold, undefined]),
    );
    const [memory, , handles] = EVIDENCE.drift;
    assert.match(memory === undefined ? '' : driftText(memory), /^1\.18 MiB\/h \(/);
    assert.equal(handles && driftText(handles), '–');
    assert.deepEqual(countedErrors({ errors: { corrupt: 2, duplicate: 0 } as never }), [
      { name: 'corrupt', count: 2 },
    ]);
  });

  it('show the growth of memory per hour, of enough points', () => {
    const seconds = Array.from({ length: 20 }, (_, index) => index);
    const bytes = seconds.map((second) => (second === 3 ? null : 50e6 + second * 1024));
    assert.equal(Math.round(growthPerHour(seconds, bytes) ?? 0), 1024 * 3600);
    assert.equal(growthPerHour(seconds.slice(0, 9), bytes.slice(0, 9)), null);
    assert.equal(growthText(2 * 1024 ** 2), 'slope: +2.00 MiB/h');
    assert.equal(growthText(-(1024 ** 2)), 'slope: −1.00 MiB/h');
    assert.equal(growthText(null), '');
  });

  it('show which run holds an agent', () => {
    const of = soak([
      run('run-1', 'done'),
      run('run-2', 'measuring', { gang: [{ agentId: 'agent-a', role: 'server' }] }),
    ]);
    const held = holders([of]);
    assert.deepEqual(
      [...held],
      [
        [
          'agent-a',
          [
            {
              ...{ soakId: of.soakId, soakName: of.name, runId: 'run-2' },
              text: 'iocp.homo.100, repeat 1, as server',
            },
          ],
        ],
      ],
    );
  });

  it('fill a grid of cells and repeats', () => {
    const runs = [
      run('run-1', 'done'),
      run('run-2', 'measuring', { repeat: 2 }),
      run('run-3', 'queued', { repeat: 3 }),
    ];
    const [row, ...others] = runGrid(runs.toReversed());
    assert.equal(others.length, 0);
    assert.deepEqual(
      row?.runs.map(({ repeat, state }) => [repeat, state]),
      [
        [1, 'done'],
        [2, 'measuring'],
        [3, 'queued'],
      ],
    );
    assert.deepEqual(
      activeRuns({ runs }).map(({ runId }) => runId),
      ['run-2'],
    );
  });

  it('show a night outside of the band, and leave a gap for one without a figure', () => {
    const point = { cause: 'tick', verdict: 'passed', state: 'none' } as const;
    const values = [10, 11, null, 20];
    const plot = nightPlot({
      base: { middle: 10, low: 9, high: 12, nights: 2, smallest: 1.1 },
      points: values.map((value, index) => ({
        ...point,
        value,
        tickAtMs: index,
        soakId: `s${index}`,
      })),
    } as never);
    const [first, , gap, last] = plot.marks;
    assert.equal(gap?.y, null);
    assert.ok(plot.band !== null && plot.band.top < plot.band.bottom);
    assert.ok((last?.y ?? 100) < plot.band.top);
    assert.ok((first?.y ?? 0) > plot.band.top && (first?.y ?? 0) < plot.band.bottom);
  });

  it('ask the API for soaks by name or id, state, verdict and schedule', () => {
    assert.deepEqual(filterOf(ALL_SOAKS), {});
    assert.deepEqual(filterOf({ ...ALL_SOAKS, text: '  Night ' }), { name: 'Night' });
    assert.deepEqual(filterOf({ ...ALL_SOAKS, text: 'soak-01kb' }), { prefix: 'soak-01kb' });
    assert.deepEqual(filterOf({ ...ALL_SOAKS, text: 'soak-test' }), { name: 'soak-test' });
    const chosen = { text: '', state: 'done', verdict: 'failed', schedule: 'nightly' } as const;
    assert.deepEqual(filterOf(chosen), { state: 'done', verdict: 'failed', schedule: 'nightly' });
  });

  it('write durations, and the range of a line', () => {
    assert.deepEqual([0, 45, 65, 3600, 29_100, 172_800, 90_061].map(durationText), [
      '0 s',
      '45 s',
      '1 min 5 s',
      '1 h',
      '8 h 5 min',
      '2 d',
      '1 d 1 h',
    ]);
    assert.equal(rangeText([null, 3, 1], String), '1 to 3');
    assert.equal(rangeText([2, 2], String), '2');
    assert.equal(rangeText([null], String), 'no figure');
  });

  it('have axes with ticks at round values', () => {
    assert.deepEqual(linearScale([0, 37]).ticks, [0, 10, 20, 30, 40]);
    assert.deepEqual(logScale([150, 900]).ticks, [100, 200, 500, 1000]);
    assert.deepEqual(linearScale([0, 0]).at(0), 0);
  });
});
