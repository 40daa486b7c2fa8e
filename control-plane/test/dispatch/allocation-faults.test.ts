import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allocationFaults } from '../../src/dispatch/allocation-faults.ts';
import type { AllocationEvent } from '../../src/store/allocations.ts';

const allocated = (runId: string, ...agentIds: string[]): AllocationEvent => ({
  kind: 'allocated',
  runId,
  epoch: 1,
  slots: agentIds.map((agentId, index) => ({
    agentId,
    role: index === 0 ? 'server' : 'fleet',
    of: 1,
  })),
});
const freed = (runId: string, ...agentIds: string[]): AllocationEvent => ({
  kind: 'freed',
  runId,
  slots: agentIds.map((agentId, index) => ({ agentId, role: index === 0 ? 'server' : 'fleet' })),
});
const faults = (...log: AllocationEvent[]) => allocationFaults(log, () => 2);

describe('allocationFaults', () => {
  it('finds nothing if every slot was allocated and freed once', () => {
    const log = [
      allocated('r1', 'a', 'b'),
      allocated('r2', 'c', 'd'),
      freed('r1', 'a', 'b'),
      allocated('r3', 'b', 'a'),
      freed('r2', 'c', 'd'),
      freed('r3', 'b', 'a'),
    ];
    assert.deepEqual(faults(...log), []);
  });

  it('finds an agent whose slot two runs hold at once', () => {
    const log = [
      allocated('r1', 'a', 'b'),
      allocated('r2', 'c', 'b'),
      freed('r1', 'a', 'b'),
      freed('r2', 'c', 'b'),
    ];
    assert.deepEqual(faults(...log), ['b has 1 slots and 2 were taken: r1 fleet,r2 fleet']);
  });

  it('finds a run with two gangs', () => {
    const log = [
      allocated('r1', 'a', 'b'),
      freed('r1', 'a', 'b'),
      allocated('r1', 'a', 'b'),
      freed('r1', 'a', 'b'),
    ];
    assert.deepEqual(faults(...log), ['r1 was allocated two gangs']);
  });

  it('finds an incomplete gang', () => {
    assert.deepEqual(faults(allocated('r1', 'a'), freed('r1', 'a')), [
      'r1 was allocated 1 of 2 members',
    ]);
  });

  it('finds slots that were never freed, or freed twice', () => {
    assert.deepEqual(faults(allocated('r1', 'a', 'b'), freed('r1', 'a')), [
      'b has slots that were never freed: r1 fleet',
    ]);
    const log = [allocated('r1', 'a', 'b'), freed('r1', 'a', 'b'), freed('r1', 'a')];
    assert.deepEqual(faults(...log), ['r1 freed a slot of a (server) that it did not hold']);
  });
});
