import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Assign } from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { abortJob, assignJob, split, startJob } from '../../src/dispatch/assignments.ts';
import type { Member } from '../../src/run/record.ts';
import { madeRun, madeSpec } from '../made-figures.ts';

const member = (agentId: string, role: Member['role']): Member => ({
  agentId,
  role,
  incarnation: '1',
});
const gang = [member('a', 'server'), member('b', 'fleet'), member('a', 'fleet')];
const run = madeRun({ state: 'preparing', epoch: 1, gang, deadlineMs: 5 });

describe('assignJob', () => {
  it('splits sessions and rates over the fleets, each with a seed of its own', () => {
    const { workload } = madeSpec();
    const spec = madeSpec({
      fleet: { agents: 2, threads: 1 },
      workload: { ...workload, ratePerSecond: 100, disconnectsPerSecond: 2 },
      seed: 2 ** 32 - 1,
    });
    const uneven = { ...run, cell: { ...run.cell, sessions: 5 } };
    const [, one, two] = gang.map((each) => assignJob(uneven, spec, each));
    const options = [one, two].map((job) => (job?.part.role === 'fleet' ? job.part.options : null));
    assert.deepEqual(
      options.map((each) => [
        each?.sessions,
        each?.ratePerSecond,
        each?.disconnectsPerSecond,
        each?.seed,
      ]),
      [
        [3, 60, 1.2, 2 ** 32 - 1],
        [2, 40, 0.8, 0],
      ],
    );
  });

  it('makes jobs that agents accept, in open and in closed loop, with and without faults', () => {
    const { ratePerSecond, ...open } = madeSpec().workload;
    assert.equal(ratePerSecond, 100);
    for (const spec of [
      madeSpec({ fleet: { agents: 2, threads: 1 }, fault: { dropEvery: 3 } }),
      madeSpec({ fleet: { agents: 2, threads: 1 }, workload: { ...open, pacing: 'closed' } }),
    ]) {
      for (const each of gang) {
        assert.deepEqual(Value.Errors(Assign, assignJob(run, spec, each)), []);
      }
    }
  });

  it('lets the server take the frames that the fleet sends', () => {
    const { workload } = madeSpec();
    const spec = madeSpec({ workload: { ...workload, maxFrameBytes: 9000 } });
    const job = assignJob(run, spec, member('a', 'server'));
    assert.equal(job.part.role === 'server' && job.part.options.maxFrameBytes, 9000);
  });
});

describe('startJob and abortJob', () => {
  it('bear the epoch', () => {
    const endpoint = { host: '127.0.0.1', port: 1 };
    const starting = { ...run, startAtMs: 7, endpoint };
    assert.deepEqual(startJob(starting), {
      kind: 'start',
      runId: 'run-1',
      epoch: 1,
      startAtMs: 7,
      endpoint,
    });
    assert.equal(abortJob(run, 'why').epoch, 1);
    assert.throws(() => startJob(run), /without a start time/);
  });
});

describe('split', () => {
  it('gives parts that differ by one at most and make the whole', () => {
    assert.deepEqual(split(10, 4), [3, 3, 2, 2]);
    assert.deepEqual(split(4, 4), [1, 1, 1, 1]);
  });
});
