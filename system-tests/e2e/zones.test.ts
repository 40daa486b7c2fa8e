// Short soaks of servers that broadcast to zones, by the real command: what the zone ledger finds, and
// that a sound server has nothing in it.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ComparedCell, Comparison } from '@oversoak/contracts';
import { EXIT } from 'oversoak/shell/exit-code';
import { comparison, oversoak, specFile } from './commands.ts';
import { onIdleMachine } from './demo-process.ts';

const SIZE = 10;
const SESSIONS = 20;
const RATE = 20;
const SECONDS = 6;

const SPEC = {
  name: 'zones',
  matrix: { notifier: ['iocp'], layout: ['homo', 'hetero'], sessions: [SESSIONS] },
  workload: { ratePerSecond: RATE, overSend: 4, disconnectsPerSecond: 1, zones: { size: SIZE } },
  threads: { io: 2, content: 2 },
  game: {
    contents: [
      { name: 'lobby', workUs: 20, moves: { pvp: 0.1 } },
      { name: 'pvp', workUs: 20, moves: { lobby: 0.1 } },
    ],
  },
  phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: SECONDS, drainSeconds: 5 },
};

async function soak(
  t: TestContext,
  changes: object = {},
): Promise<Comparison & { code: number | null; output: string }> {
  const file = await specFile(t, { ...SPEC, ...changes });
  const demo = await onIdleMachine(() => oversoak(t, 'demo', file, '--json', 'out.json'));
  const code = await demo.exitCode();
  return { ...(await comparison(demo)), code, output: demo.output };
}

const errorsOf = ({ errors }: ComparedCell) =>
  Object.entries(errors).flatMap(([name, count]) => (count > 0 ? [name] : []));

describe('a soak with zones', () => {
  it('passes, and says what it sends and who pays for the fan-out', async (t) => {
    const { code, verdict, cells, output } = await soak(t, {
      thresholds: ['delivery.latency.p99 < 5s'],
    });
    assert.equal(code, EXIT.passed, output);
    assert.equal(verdict, 'passed');
    assert.match(output, /zones\.size 10 = 200 deliveries per second/);
    assert.match(output, /^zones +deliveries /m);
    assert.equal(cells.length, 2);
    for (const { key, zones, errors } of cells) {
      assert.ok(zones !== null, key);
      const { deliveries, perBroadcast, latency, lastMember, untimed, skipped } = zones;
      // Some of the members are between two connections (churn), and some messages between two
      // readings of the counters.
      assert.ok(perBroadcast !== null && perBroadcast > 0.8 * SIZE && perBroadcast < 1.05 * SIZE);
      const due = RATE * SIZE * SECONDS;
      assert.ok(deliveries > 0.8 * due && deliveries < 1.2 * due, `${key}: ${deliveries}`);
      assert.ok(latency.count + untimed > 0.8 * due, `${key}: ${latency.count} + ${untimed}`);
      assert.ok((latency.p99Us ?? 0) >= (latency.p50Us ?? 0) && (latency.p50Us ?? 0) > 0);
      assert.ok(lastMember.count > 0 && (lastMember.p99Us ?? 0) >= (latency.p50Us ?? 0));
      assert.equal(skipped, 0);
      assert.deepEqual(errors, { ...errors, deliveryMissing: 0, deliveryDuplicate: 0 });
    }
  });

  it('sends ticks to every member without a request, and says how late they are', async (t) => {
    const [perSecond, tickBytes] = [10, 128];
    const zones = { size: SIZE, share: 0, ticksPerSecond: perSecond, tickBytes };
    const { code, cells, output } = await soak(t, {
      // A server under Wine has another clock than the fleet on Linux.
      matrix: { ...SPEC.matrix, notifier: ['epoll'] },
      workload: { ...SPEC.workload, zones },
      thresholds: ['tick.latency.p99 < 5s'],
    });
    assert.equal(code, EXIT.passed, output);
    assert.match(output, /\+ 20 sessions × zones\.ticksPerSecond 10 = 200 deliveries per second/);
    assert.match(output, /ticks, skipped|ticks +tick p99/, 'the table of the zones has them');
    for (const { key, zones: of } of cells) {
      assert.ok(of !== null, key);
      const due = (SESSIONS / SIZE) * perSecond * SECONDS;
      const had = of.ticks + of.ticksSkipped;
      assert.ok(had > 0.8 * due && had < 1.2 * due, `${key}: ${had} of ${due}`);
      const toMembers = SESSIONS * perSecond * SECONDS;
      assert.ok(
        of.tickDeliveries > 0.5 * toMembers && of.tickDeliveries < 1.2 * toMembers,
        `${key}: ${of.tickDeliveries} of ${toMembers}`,
      );
      assert.ok(of.tickLatency.count > 0 && of.tickLateness.count > 0, key);
      assert.ok((of.tickLatency.p99Us ?? 0) >= (of.tickLateness.p50Us ?? 0), key);
      assert.equal(of.latency.count, 0, 'no message goes to a zone');
    }
  });

  it('leaves out deliveries by the policy, counts them, and passes', async (t) => {
    // More than the system's buffers hold: 1.3 MB a second to a member that reads 1 KB of them. The
    // window keeps its own echoes, which no policy leaves out, below sendQueueBytes.
    const { code, cells, output } = await soak(t, {
      matrix: { ...SPEC.matrix, layout: ['hetero'], sessions: [SIZE] },
      server: { sendQueueBytes: 65_536 },
      workload: {
        ...{ ratePerSecond: 80, minFrameBytes: 16_384, maxFrameBytes: 16_384, overSend: 3 },
        zones: { size: SIZE, policy: 'drop' },
        slowReaders: { share: 1 / SIZE, bytesPerSecond: 1000 },
      },
      phases: { ...SPEC.phases, measureSeconds: 8 },
    });
    assert.equal(code, EXIT.passed, output);
    const [zones] = cells.map((cell) => cell.zones);
    assert.ok(zones != null);
    assert.ok(zones.dropped > 0, output);
    assert.ok(zones.skipped <= zones.dropped, `${zones.skipped} of ${zones.dropped}`);
    assert.deepEqual([zones.replaced, zones.closed], [0, 0]);
  });

  // The others are planted in native-server/test/zones.test.ts.
  it('fails by deliveryMissing and no other class where deliveries are dropped', async (t) => {
    const { code, verdict, cells, output } = await soak(t, {
      matrix: { ...SPEC.matrix, layout: ['homo'] },
      fault: { zoneDropEvery: 50 },
    });
    assert.equal(code, EXIT.failed, output);
    assert.equal(verdict, 'failed');
    assert.deepEqual(cells.map(errorsOf), [['deliveryMissing']]);
  });
});
