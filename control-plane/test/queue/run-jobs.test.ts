import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Assign, type Cell, type SoakSpec } from '@oversoak/contracts';
import { madeDescription } from '@oversoak/testing/builders/made-description';
import { madeRun, madeSpec, targetSpec } from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { split } from '../../src/model/fleet-shares.ts';
import type { Member } from '../../src/model/run-record.ts';
import { abortJob, assignJob, startJob } from '../../src/queue/run-jobs.ts';

const member = (agentId: string, role: Member['role']): Member => ({
  agentId,
  role,
  incarnation: '1',
  host: '127.0.0.1',
  system: 'wine',
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
        each?.firstSession,
        each?.ratePerSecond,
        each?.disconnectsPerSecond,
        each?.seed,
      ]),
      [
        [3, 0, 60, 1.2, 2 ** 32 - 1],
        [2, 3, 40, 0.8, 0],
      ],
    );
  });

  it('makes jobs that agents accept, in open and in closed loop, with and without faults', () => {
    const { ratePerSecond, ...open } = madeSpec().workload;
    assert.equal(ratePerSecond, 2000);
    for (const spec of [
      madeSpec({ fleet: { agents: 2, threads: 1 }, fault: { dropEvery: 3 } }),
      madeSpec({ fleet: { agents: 2, threads: 1 }, workload: { ...open, pacing: 'closed' } }),
      madeSpec({
        fleet: { agents: 2, threads: 1 },
        target: { host: '10.0.0.7', port: 7, protocol: { framed: madeDescription() } },
      }),
    ]) {
      for (const each of gang) {
        assert.deepEqual(Value.Errors(Assign, assignJob(run, spec, each)), []);
      }
    }
  });

  it("names the server's platform in each part, and refuses a gang of another cluster", () => {
    const fleet = { ...member('b', 'fleet'), system: 'linux' as const };
    const mixed = { ...run, gang: [fleet, member('a', 'server')] };
    for (const each of mixed.gang) {
      assert.equal(assignJob(mixed, madeSpec(), each).about.platform, 'wine');
    }
    const imported = { ...run, gang: [{ ...fleet, system: null }] };
    assert.throws(() => assignJob(imported, madeSpec(), fleet), /no gang of this cluster/);
  });

  it('names the cell or target of the run', () => {
    const { sessions } = run.cell;
    const about = (cell: Partial<Cell>) =>
      assignJob(
        { ...run, repeat: 2, cell: { ...run.cell, ...cell } },
        madeSpec(),
        member('a', 'server'),
      ).about;
    assert.deepEqual(about({ notifier: 'event', layout: 'hetero' }), {
      soakName: madeSpec().name,
      cell: `event.hetero.${sessions}`,
      notifier: 'event',
      layout: 'hetero',
      sessions,
      // Of the server, also on a fleet's telemetry.
      platform: 'wine',
      repeat: 2,
    });
    const ofSchedule = assignJob(run, madeSpec(), member('a', 'server'), 'nightly');
    assert.equal(ofSchedule.about.schedule, 'nightly');
    assert.deepEqual(Value.Errors(Assign, ofSchedule), []);
    const { about: ofTarget } = assignJob(
      { ...run, cell: { ...run.cell, notifier: null, layout: null } },
      targetSpec(),
      member('b', 'fleet'),
    );
    assert.equal(ofTarget.notifier, 'target');
    assert.equal(ofTarget.layout, 'target');
    assert.equal(ofTarget.cell, `target.${sessions}`);
  });

  const serverOptions = (spec: SoakSpec, cell: Partial<Cell> = {}) => {
    const job = assignJob({ ...run, cell: { ...run.cell, ...cell } }, spec, member('a', 'server'));
    assert.ok(job.part.role === 'server');
    assert.deepEqual(Value.Errors(Assign, job), []);
    return job.part.options;
  };
  const fleetPart = (spec: SoakSpec) => {
    const job = assignJob(run, spec, member('b', 'fleet'));
    assert.ok(job.part.role === 'fleet');
    assert.deepEqual(Value.Errors(Assign, job), []);
    return job.part;
  };

  it('lets the server accept the frames that the fleet sends', () => {
    const { workload } = madeSpec();
    for (const [requested, taken] of [
      [{ maxFrameBytes: 9000 }, 9000],
      [{ responseBytes: { min: 64, max: 12_000 } }, 12_000],
      [{ responseBytes: 64 }, workload.maxFrameBytes],
      [{ protocol: 'raw', minFrameBytes: 1, maxFrameBytes: 5 }, 64],
    ] as const) {
      const spec = madeSpec({ workload: { ...workload, ...requested } });
      assert.equal(serverOptions(spec).maxFrameBytes, taken);
    }
  });

  it('gives the server its threads, its game and the variations of the cell', () => {
    const { game, server } = madeSpec();
    const spec = madeSpec({
      threads: { io: 3, content: 4 },
      game: { ...game, queueLimit: 9, containerLock: 'srwlock' },
      server: { ...server, port: 7000, foreignClients: true, duplex: 'half', sendQueueBytes: 2048 },
      fault: { dropEvery: 3 },
    });
    const options = serverOptions(spec, { layout: 'hetero' });
    assert.deepEqual(options.threads, { io: 3, content: 4 });
    assert.deepEqual(options.game, { ...game, queueLimit: 9, containerLock: 'srwlock' });
    assert.deepEqual(
      [options.layout, options.port, options.duplex, options.sendQueueBytes, options.fault],
      ['hetero', 7000, 'half', 2048, { dropEvery: 3 }],
    );
    assert.ok(!('foreignClients' in options));
    const varied = serverOptions(spec, { containerLock: 'sharded', contentQueue: 'lock-free' });
    assert.deepEqual(
      [varied.game.containerLock, varied.game.contentQueue],
      ['sharded', 'lock-free'],
    );
  });

  it('gives server and fleet their parts of the zones, and each fleet whole zones', () => {
    const { workload } = madeSpec();
    const ticks = { ticksPerSecond: 20, tickBytes: 128 };
    const zones = { size: 4, share: 0.5, policy: 'newest', ...ticks } as const;
    const spec = madeSpec({
      workload: { ...workload, ratePerSecond: 120, zones, maxFrameBytes: 64 },
      fleet: { agents: 2, threads: 1 },
    });
    assert.deepEqual(serverOptions(spec).zones, { policy: 'newest', ...ticks });
    assert.equal(serverOptions(spec).maxFrameBytes, 68, 'a join is longer than the messages');
    const twelve = { ...run, cell: { ...run.cell, sessions: 12 } };
    const [, one, two] = gang.map((each) => assignJob(twelve, spec, each));
    const options = [one, two].map((job) => (job?.part.role === 'fleet' ? job.part.options : null));
    assert.deepEqual(
      options.map((each) => [each?.sessions, each?.firstSession, each?.ratePerSecond, each?.zones]),
      [
        [8, 0, 80, { size: 4, share: 0.5, ...ticks }],
        [4, 8, 40, { size: 4, share: 0.5, ...ticks }],
      ],
    );
    assert.equal(serverOptions(madeSpec()).zones, undefined);
    assert.equal(fleetPart(madeSpec()).options.zones, undefined);
  });

  it('lets both sides speak the protocol of the soak', () => {
    const { workload } = madeSpec();
    const spec = madeSpec({ workload: { ...workload, protocol: 'echo8' } });
    assert.equal(serverOptions(spec).protocol, 'echo8');
    assert.equal(fleetPart(spec).options.protocol, 'echo8');
    assert.equal(serverOptions(madeSpec()).protocol, 'oversoak');
  });

  it('gives the fleet resets and slow readers, and no target', () => {
    const { workload } = madeSpec();
    const slowReaders = { share: 0.1, bytesPerSecond: 1000 };
    const requested = { disconnectsPerSecond: 4, abortiveShare: 0.5, slowReaders };
    const { options, target } = fleetPart(madeSpec({ workload: { ...workload, ...requested } }));
    assert.deepEqual([options.abortiveShare, options.slowReaders], [0.5, slowReaders]);
    assert.equal(target, undefined);
  });

  it('sends a fleet to a target with its protocol, and no server', () => {
    const { options, target } = fleetPart(targetSpec());
    assert.deepEqual(target, { host: '127.0.0.1', port: 7000 });
    assert.equal(options.protocol, 'echo8');
    const cell = { notifier: null, layout: null, sessions: 10 };
    const onTarget = { ...run, cell };
    assert.throws(() => assignJob(onTarget, targetSpec(), member('a', 'server')), /no server/);
  });
});

describe('startJob and abortJob', () => {
  it('contain the epoch and the incarnation', () => {
    const endpoint = { host: '127.0.0.1', port: 1 };
    const starting = { ...run, startAtMs: 7, endpoint };
    assert.deepEqual(startJob(starting, member('a', 'server')), {
      kind: 'start',
      runId: 'run-1',
      epoch: 1,
      incarnation: member('a', 'server').incarnation,
      startAtMs: 7,
      endpoint,
    });
    assert.deepEqual(abortJob(run, member('a', 'server'), 'why'), {
      kind: 'abort',
      runId: 'run-1',
      epoch: 1,
      incarnation: member('a', 'server').incarnation,
      reason: 'why',
    });
    assert.throws(() => startJob(run, member('a', 'server')), /without a start time/);
  });
});

describe('split', () => {
  it('returns parts that differ by at most one and add up to the total', () => {
    assert.deepEqual(split(10, 4), [3, 3, 2, 2]);
    assert.deepEqual(split(4, 4), [1, 1, 1, 1]);
  });
});
