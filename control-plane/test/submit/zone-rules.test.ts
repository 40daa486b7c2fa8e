import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submittedSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { validateSpec } from '../../src/submit/validate.ts';

const base = submittedSpec();
const onTarget = { matrix: { sessions: [10] }, target: TARGET };

function pointers(changes: object): string[] {
  const valid = validateSpec({ ...base, ...changes });
  return 'problems' in valid ? valid.problems.map(({ pointer }) => pointer) : [];
}

describe('the rules of zones', () => {
  for (const [name, changes, expected] of [
    [
      'zones in another protocol, in a closed loop, with answers of their own size',
      {
        workload: { protocol: 'raw', pacing: 'closed', zones: { size: 5 }, responseBytes: 128 },
      },
      ['/workload/responseBytes', '/workload/zones', '/workload/zones', '/workload/responseBytes'],
    ],
    [
      'more deliveries per second than the bound',
      {
        matrix: { notifier: ['iocp'], sessions: [500] },
        workload: { ratePerSecond: 4000, zones: { size: 500 } },
      },
      ['/workload/zones'],
    ],
    [
      'more deliveries of ticks per second than the bound, by the largest number of sessions',
      {
        matrix: { notifier: ['iocp'], sessions: [10, 2000] },
        workload: { ratePerSecond: 2000, zones: { size: 5, ticksPerSecond: 500 } },
      },
      ['/workload/zones'],
    ],
    [
      'zones to which nothing goes',
      { workload: { ratePerSecond: 2000, zones: { size: 5, share: 0 } } },
      ['/workload/zones/share'],
    ],
    [
      'ticks that no queue can take',
      {
        workload: { ratePerSecond: 2000, zones: { size: 5, ticksPerSecond: 5, tickBytes: 2000 } },
        server: { sendQueueBytes: 2027 },
      },
      ['/workload/zones/tickBytes'],
    ],
    [
      'thresholds on ticks without ticks',
      {
        workload: { ratePerSecond: 2000, zones: { size: 5 } },
        thresholds: ['tick.latency.p99 < 50ms'],
      },
      ['/thresholds/0'],
    ],
    [
      'thresholds on ticks by windows, of too few with the fewest sessions, or that exclude another',
      {
        matrix: { notifier: ['iocp'], sessions: [10, 100] },
        workload: { ratePerSecond: 2000, zones: { size: 5, ticksPerSecond: 4 } },
        phases: { measureSeconds: 2 },
        thresholds: [
          ...['tick.latency.p50 < 50ms every 1s', 'tick.latency.p99 < 50ms'],
          ...['tick.latency.max < 5ms', 'tick.latency.p50 > 9ms'],
        ],
      },
      ['/thresholds/3', '/thresholds/0', '/thresholds/1'],
    ],
    [
      'zones of a target, whose server broadcasts nothing',
      {
        ...onTarget,
        target: { ...TARGET, protocol: 'oversoak' },
        workload: { ratePerSecond: 2000, zones: { size: 5 } },
      },
      ['/workload/zones'],
    ],
    [
      'zones of a half-duplex server',
      { workload: { ratePerSecond: 2000, zones: { size: 5 } }, server: { duplex: 'half' } },
      ['/server/duplex'],
    ],
    ['a fault of zones without zones', { fault: { zoneDropEvery: 5 } }, ['/fault/zoneDropEvery']],
    [
      'sessions that fill no zone, and zones that span fleets',
      {
        matrix: { notifier: ['iocp'], sessions: [4, 10, 11, 15] },
        workload: { ratePerSecond: 2000, zones: { size: 5 } },
        fleet: { agents: 3 },
      },
      ['/matrix/sessions/0', '/matrix/sessions/1', '/matrix/sessions/2'],
    ],
    [
      'thresholds on deliveries without zones',
      { thresholds: ['delivery.latency.p99 < 50ms'] },
      ['/thresholds/0'],
    ],
    [
      'thresholds on deliveries by windows, or of too few',
      {
        workload: { ratePerSecond: 2000, zones: { size: 2, share: 0.0001 } },
        phases: { measureSeconds: 2 },
        thresholds: ['delivery.latency.p50 < 50ms every 1s', 'delivery.latency.p99 < 50ms'],
      },
      ['/thresholds/0', '/thresholds/1'],
    ],
  ] as [string, object, string[]][]) {
    it(`refuse ${name}`, () => {
      assert.deepEqual(pointers(changes), expected);
    });
  }

  it('accept zones of messages and ticks, and of either alone', () => {
    for (const zones of [
      { size: 5 },
      { size: 5, ticksPerSecond: 20 },
      { size: 5, share: 0, ticksPerSecond: 20, tickBytes: 64 },
    ]) {
      const thresholds = 'ticksPerSecond' in zones ? ['tick.latency.p99 < 50ms'] : [];
      const workload = { ratePerSecond: 2000, zones };
      const phases = { measureSeconds: 2 };
      assert.deepEqual(pointers({ workload, phases, thresholds }), [], JSON.stringify(zones));
    }
  });
});
