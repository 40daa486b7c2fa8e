// The slowest echoes of a fleet: which they are, when they were due, and where their time went.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countWhere,
  histogramText,
  readHistogram,
  type SlowEcho,
  STAGE_NAMES,
  type Stage,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import {
  type FleetHandle,
  type FleetRequest,
  type ServerRequest,
  startFleet,
  startServer,
} from '../src/index.ts';
import { GAME } from './game.ts';
import { here } from './notifiers.ts';

const MAX_SLOWEST = 16;

const machineMs = () => Number(process.hrtime.bigint()) / 1e6;
const latencyMs = ({ stagesNs }: SlowEcho) =>
  STAGE_NAMES.reduce((sum, stage) => sum + stagesNs[stage], 0) / 1e6;
const key = ({ session, message }: SlowEcho) => `${session}/${message}`;

async function withFleet(
  server: Partial<ServerRequest>,
  fleet: Omit<FleetRequest, 'host' | 'port'>,
  use: (fleet: FleetHandle) => Promise<void>,
): Promise<void> {
  const host = '127.0.0.1';
  const running = startServer({ notifier: here('iocp'), layout: 'homo', host, ...server });
  try {
    const clients = startFleet({ host, port: running.port, ...fleet });
    try {
      await use(clients);
    } finally {
      await clients.stop();
    }
  } finally {
    await running.stop();
  }
}

/** Until so many echoes are in the latency, of at least this length: no stall of the fleet disturbed them. */
const measured = (fleet: FleetHandle, count: number, leastMs = 0) =>
  until(
    `${count} echoes of ${leastMs} ms`,
    () => {
      const { intended } = fleet.snapshot().measured.latency;
      const latencies = readHistogram(histogramText(intended));
      return countWhere(latencies, (ns) => ns >= leastMs * 1e6) >= count;
    },
    60_000,
  );

test('slow echoes are those with slow work, complete', async () => {
  const WORK_MS = 30;
  const mix = [
    { share: 0.9, workUs: 0 },
    { share: 0.1, workUs: WORK_MS * 1000 },
  ];
  const startMs = machineMs();
  await withFleet(
    { game: { ...GAME, contents: [{ name: 'lobby', workUs: 0, mix, moves: {} }] } },
    { sessions: 1, rampUpSeconds: 0, pacing: 'closed', overSend: 1, loopDelayMs: 0 },
    async (fleet) => {
      await measured(fleet, 2 * MAX_SLOWEST, WORK_MS);
      await fleet.stop();
      const slowest = fleet.takeSlowest();
      const endMs = machineMs();
      assert.equal(slowest.length, MAX_SLOWEST);
      const latencies = slowest.map(latencyMs);
      assert.deepEqual(
        latencies,
        latencies.toSorted((a, b) => b - a),
      );
      // More of the echoes had that work: none of the slowest was faster.
      assert.ok((latencies.at(-1) ?? 0) >= WORK_MS, `${latencies} ms`);
      const worked = slowest.filter(({ stagesNs }) => stagesNs.work >= WORK_MS * 1e6);
      assert.ok(worked.length >= MAX_SLOWEST / 2, JSON.stringify(slowest));
      for (const echo of slowest) {
        assert.equal(echo.session, 0);
        assert.ok(Number.isSafeInteger(echo.message) && echo.message >= 0, key(echo));
        assert.ok(echo.message < fleet.snapshot().ledger.sent, key(echo));
        assert.ok(echo.intendedMachineMs >= startMs, 'due before the fleet was there');
        assert.ok(echo.intendedMachineMs + latencyMs(echo) <= endMs, 'came after its end');
      }
      const counted = readHistogram(histogramText(fleet.snapshot().measured.latency.intended));
      assert.ok(Math.abs((latencies[0] ?? 0) / (counted.maxValue / 1e6) - 1) < 0.002);
      assert.deepEqual(fleet.takeSlowest(), []);
    },
  );
});

test('each is reported once, with its session and message number', async () => {
  const SESSIONS = 5;
  const RATE = 200;
  await withFleet(
    { layout: 'hetero' },
    { sessions: SESSIONS, threads: 2, rampUpSeconds: 0, pacing: 'constant', ratePerSecond: RATE },
    async (fleet) => {
      const reported: SlowEcho[] = [];
      for (const count of [100, 200, 300, 400]) {
        await measured(fleet, count);
        const slowest = fleet.takeSlowest();
        assert.equal(slowest.length, MAX_SLOWEST);
        reported.push(...slowest);
      }
      await fleet.stop();
      reported.push(...fleet.takeSlowest());
      assert.equal(new Set(reported.map(key)).size, reported.length);
      // Each session's messages are due in equal steps from a time of its own.
      for (let session = 0; session < SESSIONS; session += 1) {
        const own = reported.filter((echo) => echo.session === session);
        const first = own[0];
        assert.ok(first !== undefined, `nothing of session ${session}`);
        for (const echo of own) {
          const stepsMs = ((echo.message - first.message) * SESSIONS * 1000) / RATE;
          const apartMs = echo.intendedMachineMs - first.intendedMachineMs;
          assert.ok(Math.abs(apartMs - stepsMs) < 0.01, `${apartMs} for ${stepsMs} ms`);
        }
      }
      assert.ok(reported.every(({ session }) => session < SESSIONS));
      assert.ok(
        reported.every(({ stagesNs }) => STAGE_NAMES.every((stage) => stagesNs[stage] >= 0)),
      );
    },
  );
});

for (const protocol of ['echo8', 'raw'] as const) {
  test(`without stamps (${protocol}), all time outside the client counts as network`, async () => {
    await withFleet(
      { protocol },
      { protocol, sessions: 2, rampUpSeconds: 0, ratePerSecond: 200 },
      async (fleet) => {
        await measured(fleet, 50);
        const slowest = fleet.takeSlowest();
        assert.equal(slowest.length, MAX_SLOWEST);
        for (const { stagesNs } of slowest) {
          const spent = STAGE_NAMES.filter((stage) => stagesNs[stage] > 0);
          const known: Stage[] = ['client', 'network+wake'];
          assert.ok(
            spent.every((stage) => known.includes(stage)) && spent.includes('network+wake'),
            JSON.stringify(stagesNs),
          );
        }
        assert.deepEqual(fleet.snapshot().measured.stages, []);
      },
    );
  });
}
