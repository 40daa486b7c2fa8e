import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Sample } from '@oversoak/contracts';
import { fleetFigures, histogram, madeLatencies } from '@oversoak/testing/builders/made-figures';
import type { Member } from '../../src/model/run-record.ts';
import { EarlyWindows } from '../../src/run/early-windows.ts';

const FLEET: Member = {
  agentId: 'agent-b',
  role: 'fleet',
  incarnation: 'incarnation-1',
  host: '127.0.0.1',
  system: 'wine',
};
const { measured, ...figures } = fleetFigures(100);
const { latency: _, stages: __, ...load } = measured;
const fleet = { ...figures, measured: load };

const sample = (second: number): Sample => ({
  ...{ runId: 'run-a', epoch: 1, agentId: 'agent-b', role: 'fleet', atMs: 0, phase: 'measuring' },
  sinceStartSeconds: second,
  fleet,
  intervalLatency: madeLatencies({
    intended: histogram(3, second < 100 ? 2 : 8),
    sendLag: histogram(3, 1),
  }),
});

describe('EarlyWindows', () => {
  it('counts every echo of a window of minutes without storing each second', () => {
    const windows = new EarlyWindows([FLEET], 150, 0, 300);
    const closed = Array.from({ length: 150 }, (_each, at) => windows.take(sample(at + 1)));
    const window = closed.at(-1);
    assert.ok(closed.slice(0, -1).every((each) => each === null));
    assert.equal(window?.latency.totalCount, 450);
    assert.ok(Math.abs((window?.latency.getValueAtPercentile(99) ?? 0) - 8e6) < 1e4);
    assert.ok(Math.abs((window?.latency.getValueAtPercentile(50) ?? 0) - 2e6) < 1e4);
  });
});
