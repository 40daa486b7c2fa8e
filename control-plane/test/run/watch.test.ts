import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overdue } from '../../src/run/deadlines.ts';
import { memberKey } from '../../src/run/record.ts';
import { lost } from '../../src/run/watch.ts';
import { MADE_GANG, madeRun } from '../made-figures.ts';

const [server, fleet] = MADE_GANG;
const run = madeRun({ state: 'measuring', epoch: 1, gang: [...MADE_GANG] });

describe('lost', () => {
  it('is who has no lease, or whose agent was started anew', () => {
    const both = new Map([
      ['agent-a', 'agent-a-1'],
      ['agent-b', 'agent-b-1'],
    ]);
    assert.deepEqual(lost(run, both), []);
    assert.deepEqual(lost(run, new Map([...both, ['agent-b', 'agent-b-2']])), [fleet]);
    assert.deepEqual(lost(run, new Map([['agent-b', 'agent-b-1']])), [server]);
  });

  it('is nobody who has done with the run', () => {
    assert.deepEqual(lost({ ...run, ended: [memberKey(server)] }, new Map()), [fleet]);
    assert.deepEqual(lost(madeRun(), new Map()), []);
  });
});

describe('overdue', () => {
  it('leaves the timer some time of its own', () => {
    assert.equal(overdue(1000, 1001), false);
    assert.equal(overdue(1000, 10_000), true);
  });
});
