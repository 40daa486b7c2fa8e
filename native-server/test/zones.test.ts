// Zone broadcasts over every valid pair, and each planted fault of zones, which is caught as what it
// is and as nothing else. The unit tests have zones of 2, 50 and 500 members, resets, and every
// policy (test/server/zones_test.cc).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Fault,
  type FleetErrorClass,
  FleetSnapshot,
  histogramText,
  readHistogram,
  ServerSnapshot,
  validate,
} from '@oversoak/contracts';
import { type FleetRequest, startFleet, startServer } from '../src/index.ts';
import { assertEveryEchoAccountedFor } from './accounts.ts';
import { GAME } from './game.ts';
import { here, PAIRS, READINESS } from './notifiers.ts';
import { type SoakFigures, soak } from './soak.ts';

const TICKS = { ticksPerSecond: 20, tickBytes: 128 };
const LOAD = {
  sessions: 20,
  threads: 2,
  rampUpSeconds: 0.2,
  ratePerSecond: 80,
  overSend: 4,
  disconnectsPerSecond: 10,
  zones: { size: 10, share: 1 },
} satisfies Partial<FleetRequest>;

/** What a soak with zones has. */
function zonesOf({ fleet, server }: SoakFigures) {
  assert.ok(fleet.zones && server.zones && fleet.measured.deliveries);
  return { fleet: fleet.zones, server: server.zones, measured: fleet.measured.deliveries };
}

function assertErrors(figures: SoakFigures, expected?: FleetErrorClass): void {
  const { fleet, server } = figures;
  const context = JSON.stringify({ fleet: fleet.errors, server: server.errors });
  for (const [name, count] of Object.entries({ ...fleet.errors, ...server.errors })) {
    assert.equal(count > 0, name === expected, `${name}: ${context}`);
  }
}

let timedDeliveries = 0;
let timedTicks = 0;

for (const valid of PAIRS) {
  test(`${valid.notifier} with ${valid.layout}: every delivery comes to every member once, in order`, async () => {
    const figures = await soak(
      {
        ...valid,
        game: GAME,
        zones: { policy: 'drop', ...TICKS },
        threads: { io: 2, content: 6 },
      },
      { ...LOAD, zones: { ...LOAD.zones, ...TICKS } },
      150,
    );
    assertEveryEchoAccountedFor(figures);
    assertErrors(figures);
    for (const [schema, snapshot] of [
      [ServerSnapshot, figures.server],
      [FleetSnapshot, figures.fleet],
    ] as const) {
      const checked = validate(schema, snapshot);
      assert.deepEqual('problems' in checked ? checked.problems : [], []);
    }
    const { fleet, server, measured } = zonesOf(figures);
    const { sent, echoed } = figures.fleet.ledger;
    assert.equal(echoed, sent);
    assert.equal(server.broadcasts, sent);
    assert.equal(server.copies, fleet.deliveries);
    assert.ok(fleet.deliveries > sent);
    assert.equal(fleet.own, sent);
    assert.deepEqual(
      [fleet.joins, fleet.leaves, server.joins, server.leaves, server.live],
      [...Array(4).fill(figures.fleet.sessions.connects), 0],
    );
    assert.equal(figures.server.bytes.sent, figures.fleet.bytes.received);
    const timed = readHistogram(histogramText(measured.latency)).totalCount;
    assert.equal(timed, measured.count);
    assert.equal(measured.count + measured.untimed, fleet.deliveries - fleet.ticks);
    timedDeliveries += measured.count;
    const { ticks } = measured;
    const { tickLateness } = figures.server.histograms;
    assert.ok(ticks !== undefined && tickLateness !== undefined);
    assert.equal(readHistogram(histogramText(tickLateness)).totalCount, server.ticks);
    assert.ok(server.ticks > 0 && fleet.ticks > 0);
    assert.equal(ticks.count + ticks.untimed, fleet.ticks);
    // One process.
    assert.equal(ticks.clock, 'shared');
    assert.ok(ticks.latency !== undefined);
    assert.equal(readHistogram(histogramText(ticks.latency)).totalCount, ticks.count);
    timedTicks += ticks.count;
  });
}

test('deliveries have latencies', () => {
  // A busy machine can disturb all of one pair, but not all of all.
  assert.ok(timedDeliveries > 0);
  assert.ok(timedTicks > 0);
});

test('what the full window of a slow reader held back is in no latency of its zone', async () => {
  const figures = await soak(
    {
      ...{ notifier: here('iocp'), layout: 'hetero', game: GAME },
      zones: { policy: 'drop' },
      sendQueueBytes: 65_536,
    },
    {
      ...LOAD,
      ...{ sessions: 8, zones: { size: 8, share: 1 }, disconnectsPerSecond: 0 },
      ...{ minFrameBytes: 4096, maxFrameBytes: 4096, overSend: 1 },
      // The others' messages alone are 280 kB/s for it, and its own wait among them.
      slowReaders: { share: 0.125, bytesPerSecond: 20_000 },
    },
    250,
    200,
  );
  const { measured } = zonesOf(figures);
  assert.equal(figures.fleet.sessions.slowReaders, 1);
  assert.ok(figures.fleet.measured.load.held > 0);
  const latency = readHistogram(histogramText(measured.latency));
  assert.ok(latency.totalCount > 1000);
  assert.ok(latency.maxValue < 700e6, `${latency.maxValue / 1e6} ms`);
});

for (const notifier of READINESS) {
  test(`${notifier}: six threads wake each other, many at once`, async () => {
    const figures = await soak(
      {
        notifier,
        layout: 'homo',
        game: GAME,
        zones: { policy: 'drop' },
        threads: { io: 6, content: 0 },
      },
      { ...LOAD, sessions: 60, ratePerSecond: 400 },
      1000,
    );
    assertEveryEchoAccountedFor(figures);
    assertErrors(figures);
    const { fleet, server } = zonesOf(figures);
    assert.equal(server.copies, fleet.deliveries);
    assert.ok(server.mailed > 3 * server.broadcasts);
  });
}

const FAULTS: readonly { fault: Fault; class: FleetErrorClass }[] = [
  { fault: { zoneDropEvery: 50 }, class: 'deliveryMissing' },
  { fault: { zoneDuplicateEvery: 50 }, class: 'deliveryDuplicate' },
  { fault: { zoneSwapEvery: 50 }, class: 'deliveryOutOfOrder' },
  { fault: { zoneAfterLeaveEvery: 2 }, class: 'deliveryAfterLeave' },
];

describe('planted faults', () => {
  for (const layout of ['homo', 'hetero'] as const) {
    for (const { fault, class: expected } of FAULTS) {
      test(`${layout}: ${Object.keys(fault)} is caught as ${expected}`, async () => {
        const notifier = here('iocp');
        const server = { notifier, layout, game: GAME, fault, zones: { policy: 'drop' } } as const;
        const figures = await soak(server, LOAD, 150);
        assertEveryEchoAccountedFor(figures);
        assertErrors(figures, expected);
      });

      test(`${layout}: ${Object.keys(fault)} is caught as ${expected} where only ticks go to the zones`, async () => {
        const zones = { policy: 'drop', ...TICKS } as const;
        const server = { notifier: here('iocp'), layout, game: GAME, fault, zones };
        const load = { ...LOAD, zones: { ...LOAD.zones, share: 0, ...TICKS } };
        const figures = await soak(server, load, 150);
        assertEveryEchoAccountedFor(figures);
        assertErrors(figures, expected);
        assert.equal(zonesOf(figures).server.broadcasts, 0);
      });
    }
  }
});

describe('refused by name', () => {
  const server = { notifier: here('iocp'), layout: 'homo', zones: { policy: 'drop' } } as const;
  const fleet = { host: '127.0.0.1', port: 1, sessions: 2, ratePerSecond: 1, zones: LOAD.zones };

  test('zones of a server that cannot have them', () => {
    assert.throws(
      () => startServer({ ...server, protocol: 'raw' }),
      /\/zones: is for the protocol/,
    );
    assert.throws(() => startServer({ ...server, duplex: 'half' }), /\/zones: needs duplex "full"/);
    assert.throws(() => startServer({ ...server, maxFrameBytes: 64 }), /\/maxFrameBytes: must be/);
    const ticking = { ...server, zones: { ...server.zones, ...TICKS, tickBytes: 1000 } };
    assert.throws(
      () => startServer({ ...ticking, sendQueueBytes: 1024 }),
      /\/zones\/tickBytes: .* at most 996/,
    );
  });

  test('zones of a fleet that cannot have them', () => {
    assert.throws(
      () => startFleet({ ...fleet, protocol: 'echo8' }),
      /\/zones: is for the protocol/,
    );
    const tooMany = { ...fleet, ratePerSecond: 1_000_000 };
    assert.throws(() => startFleet(tooMany), /\/zones: .*10,000,000 deliveries per second/);
  });
});
