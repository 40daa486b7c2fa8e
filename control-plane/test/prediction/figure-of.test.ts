import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FIGURES, type FigureName, type RunResult, type ServerFigures } from '@oversoak/contracts';
import {
  contentFigures,
  fleetFigures,
  fleetResult,
  histogram,
  madeResult,
  serverFigures,
  serverResult,
  targetResult,
} from '@oversoak/testing/builders/made-figures';
import { serverZones } from '@oversoak/testing/builders/made-zones';
import { figureOf } from '../../src/prediction/figure-of.ts';

const names = Object.keys(FIGURES) as FigureName[];
const isServers = (name: FigureName) => name.startsWith('server.');

/** Everything that a hetero server counts, in proportion to `n`. */
function server(n: number, more: Partial<ServerFigures> = {}): ServerFigures {
  const content = { hops: 11 * n, rerouted: n, workSeconds: n };
  return serverFigures(10 * n, {
    more: {
      sessions: { accepted: 40, live: 30, closed: 10 },
      frames: { received: 10 * n, echoed: 10 * n, discarded: 0 },
      receives: { atOnce: n, pending: 9 * n, failed: 0 },
      sends: { atOnce: 15 * n, pending: 5 * n, failed: 0 },
      completions: { total: 30 * n, batches: 12 * n, largestBatch: 9 },
      players: { joins: 40, leaves: 10, live: 30 },
      container: { lookups: 11 * n, changes: 2 * n },
      moves: 2 * n,
      contents: [
        contentFigures('lobby', {
          ...{ ...content, handled: 10 * n },
          queueDepth: { max: 7, sum: 30 * n, looks: 10 * n },
        }),
      ],
      histograms: {
        lockWait: histogram(100 * n, 0.004),
        moveLatency: histogram(100 * n, 3),
        queueWait: { lobby: histogram(100 * n, 2) },
        tickLateness: histogram(100 * n, 0.7),
      },
      zones: serverZones(10 * n, { broadcasts: 9 * n, ticks: n, ticksSkipped: n / 4 }),
      threadsRan: { io: 2, content: 1 },
      threads: [{ name: 'io-0', userSeconds: 0.001 * n, kernelSeconds: 0.001 * n, cycles: null }],
      process: { ...serverFigures(1).process, handles: 130 },
      own: { ...serverFigures(1).own, workingSetBytes: 9_000_000 },
      ...more,
    },
  });
}

/** Of a measurement of 100 units of the above, after 100. */
function result(changes: Partial<RunResult> = {}): RunResult {
  const closed = { accepted: 40, live: 0, closed: 40 };
  const left = { joins: 40, leaves: 40, live: 0 };
  const final = server(200, {
    ...{ sessions: closed, players: left },
    process: { ...serverFigures(1).process, handles: 40 },
  });
  const stage = {
    atLeastNs: 2_000_000,
    client: 0,
    lock: 4_000,
    queue: 0,
    work: 0,
    send: 0,
    'fan-out': 0,
  };
  const row = (count: number) => ({
    ...stage,
    ...{ count, 'network+wake': count * 1_900_000, lock: count * 4_000, queue: count * 96_000 },
  });
  return madeResult({
    server: serverResult(server(200), server(100), final),
    fleets: {
      'agent-b': fleetResult(
        fleetFigures(2100, { stages: [row(2100)], unsent: { held: 200, churn: 50 } }),
        fleetFigures(100, { stages: [row(100)] }),
      ),
    },
    ...changes,
  });
}

const EXPECTED: Partial<Record<FigureName, number>> = {
  'echo.latency.p50': 2000,
  'echo.latency.p99': 2000,
  'achieved.rate': (2000 / 2200) * 100,
  'errors.total': 0,
  'errors.corrupt': 0,
  'echo.rate': 200,
  'echo.stage.network+wake': 1900,
  'echo.stage.lock': 4,
  'echo.stage.queue': 96,
  'echo.stage.work': 0,
  'server.ioThreads': 2,
  'server.contentThreads': 1,
  'server.sessionsPerIoThread': 15,
  'server.wakesPerEcho': 1.2,
  'server.completionsPerEcho': 3,
  'server.completionsPerWake': 2.5,
  'server.receivesPerEcho': 1,
  'server.sendsPerEcho': 2,
  'server.receivesAtOnce': 10,
  'server.sendsAtOnce': 75,
  'server.handlesPerSession': 3,
  'server.cpuPerEcho': 200,
  'server.cpuPerDelivery': 4,
  'server.deliveriesPerBroadcast': 50,
  'server.mailsPerBroadcast': 2,
  'server.sendsPerDelivery': 0.04,
  'server.ticksSkipped': 20,
  'server.tickLateness.p50': 700,
  'server.tickLateness.p99': 700,
  'server.workingSet': 9_000_000,
  'server.lookupsPerMessage': 1.1,
  'server.containerChangesPerSession': (40 + 40 + 400) / 40,
  'server.movesPerMessage': 0.2,
  'server.hopsPerMessage': 1.1,
  'server.queueDepth.mean': 3,
  'server.queueDepth.max': 7,
  'server.lockWait.p50': 4,
  'server.lockWait.p99': 4,
  'server.queueWait.p50': 2000,
  'server.queueWait.p99': 2000,
  'server.moveLatency.p99': 3000,
};

describe('figureOf', () => {
  it('computes every server figure as documented', () => {
    assert.deepEqual(
      names.filter((name) => isServers(name) && !Object.hasOwn(EXPECTED, name)),
      [],
      'each has a line',
    );
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const actual = figureOf(name as FigureName, result());
      // Histograms have three places.
      assert.ok(
        actual !== null && Math.abs(actual - expected) <= 0.001 * expected,
        `${name}: ${actual}, not ${expected}`,
      );
    }
  });

  it('has a formula for every figure, and no server figures without a server', () => {
    for (const name of names) {
      const ofTarget = figureOf(name, targetResult());
      if (isServers(name)) assert.equal(ofTarget, null, name);
      assert.doesNotThrow(() => figureOf(name, madeResult()), name);
    }
  });

  it('is null if nothing was measured or the platform does not report it', () => {
    const still = madeResult({
      server: serverResult(serverFigures(100), serverFigures(100)),
      fleets: { 'agent-b': fleetResult(fleetFigures(100), fleetFigures(100)) },
    });
    for (const name of [
      ...['server.wakesPerEcho', 'server.receivesAtOnce', 'server.lookupsPerMessage'],
      ...['server.lockWait.p99', 'server.queueDepth.mean', 'echo.latency.p99', 'achieved.rate'],
      ...['echo.stage.work', 'drift.workingSet', 'server.handlesPerSession'],
    ] as FigureName[]) {
      assert.equal(figureOf(name, still), null, name);
    }
  });

  it('needs enough sessions for handles per session', () => {
    const few = { accepted: 19, live: 19, closed: 0 };
    const end = server(200, { sessions: few });
    const made = result();
    assert.ok(made.server !== null);
    const { measureStart, final } = made.server.figures;
    const crowd = result({ server: serverResult(end, measureStart, final) });
    assert.equal(figureOf('server.handlesPerSession', crowd), null);
  });
});
