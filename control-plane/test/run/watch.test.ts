import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MADE_GANG, madeRun } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { memberKey } from '../../src/model/run-record.ts';
import { overdue } from '../../src/run/deadlines.ts';
import type { RunInput } from '../../src/run/run-inputs.ts';
import { lost, Watch } from '../../src/run/watch.ts';

const [server, fleet] = MADE_GANG;
const run = madeRun({ state: 'measuring', epoch: 1, gang: [...MADE_GANG] });

describe('lost', () => {
  it('contains members without a lease, or with a restarted agent', () => {
    const both = new Map([
      ['agent-a', 'agent-a-1'],
      ['agent-b', 'agent-b-1'],
    ]);
    assert.deepEqual(lost(run, both), []);
    assert.deepEqual(lost(run, new Map([...both, ['agent-b', 'agent-b-2']])), [fleet]);
    assert.deepEqual(lost(run, new Map([['agent-b', 'agent-b-1']])), [server]);
  });

  it('excludes members that have ended their part', () => {
    assert.deepEqual(lost({ ...run, ended: [memberKey(server)] }, new Map()), [fleet]);
    assert.deepEqual(lost(madeRun(), new Map()), []);
  });
});

describe('overdue', () => {
  it('gives the timer some time first', () => {
    assert.equal(overdue(1000, 1001), false);
    assert.equal(overdue(1000, 10_000), true);
  });
});

describe('a pass', () => {
  const pass = async (judge: () => boolean) => {
    const events: RunInput[] = [];
    const read: string[] = [];
    const watch = new Watch({
      runs: {
        atWork: async () => [{ run, effectedVersion: run.version }],
        getAll: async () => [run],
      },
      soaks: {
        cancelling: async () => [],
        get: async () => null,
        markCancelled: async () => undefined,
        cancelReached: async () => undefined,
      },
      earlyStop: { look: async () => undefined, keep: () => undefined },
      agents: {
        leases: async () => {
          read.push('leases');
          return new Map();
        },
      },
      driver: {
        apply: async (_runId, event) => {
          events.push(event);
          return run;
        },
        repair: async () => undefined,
      },
      nowMs: async () => 0,
      log: silentLog,
    });
    await watch.pass(() => {
      read.push('judged');
      return judge();
    });
    return { events, read };
  };

  it('checks after reading the leases whether they may be judged, because Redis may have been unavailable', async () => {
    const { events, read } = await pass(() => false);
    assert.deepEqual(read, ['leases', 'judged']);
    assert.deepEqual(events, []);
  });

  it('reports agents without a lease as lost', async () => {
    const { events } = await pass(() => true);
    assert.deepEqual(
      events.map((event) => (event.kind === 'lost' ? event.who.agentId : event.kind)),
      ['agent-a', 'agent-b'],
    );
  });
});
