// Soaks over every valid pair of notifier and layout; beside it, pairs-peers.test.ts has plain peers
// and pairs-many.test.ts a thousand sessions. They are files of their own so that they run at a time.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  DUPLEXES,
  FleetSnapshot,
  histogramText,
  loadBalances,
  type ResponseBytes,
  readHistogram,
  ServerSnapshot,
  threadPlan,
  validate,
} from '@oversoak/contracts';
import { assertFlawless } from './accounts.ts';
import { GAME } from './game.ts';
import { PAIRS } from './notifiers.ts';
import { type SoakFigures, soak } from './soak.ts';

const CONTENTS = GAME.contents.length;

/** What the layout did with the messages. */
function assertRouted({ server }: SoakFigures): void {
  const context = JSON.stringify(server.contents);
  const sum = (figure: 'handled' | 'arrivals' | 'hops' | 'rerouted') =>
    server.contents.reduce((total, content) => total + content[figure], 0);
  assert.equal(sum('handled'), server.frames.received, context);
  assert.equal(sum('arrivals'), server.moves, context);
  assert.ok(server.moves > 0, context);
  for (const { handled } of server.contents) assert.ok(handled > 0, context);
  const waits = readHistogram(histogramText(server.histograms.lockWait)).totalCount;
  const homo = server.layout === 'homo';
  assert.equal(server.container.changes, homo ? 0 : server.moves);
  assert.equal(server.container.lookups, homo ? 0 : server.frames.received + sum('rerouted'));
  assert.equal(waits, server.container.lookups + server.container.changes);
  assert.equal(sum('hops'), server.container.lookups);
}

for (const valid of PAIRS) {
  describe(`${valid.notifier} with ${valid.layout}`, () => {
    const pair = { ...valid, game: GAME };

    test('open loop: every echo comes back, once, in order, unaltered', async () => {
      const figures = await soak(
        pair,
        { sessions: 40, rampUpSeconds: 0.2, ratePerSecond: 1200, maxFrameBytes: 1024, overSend: 4 },
        600,
      );
      assertFlawless(figures);
      assertRouted(figures);
      for (const [schema, snapshot] of [
        [ServerSnapshot, figures.server],
        [FleetSnapshot, figures.fleet],
      ] as const) {
        const checked = validate(schema, snapshot);
        assert.deepEqual('problems' in checked ? checked.problems : [], []);
      }
      const { latency, load } = figures.fleet.measured;
      assert.ok(loadBalances(load), JSON.stringify(load));
      assert.equal(load.echoed, figures.fleet.ledger.echoed);
      for (const bytes of [latency.intended, latency.actual]) {
        const { totalCount } = readHistogram(histogramText(bytes));
        assert.equal(totalCount, load.echoed - load.disturbed);
      }
    });

    for (const duplex of DUPLEXES) {
      test(`churn and over-send, ${duplex} duplex: sessions end and restart, and nothing is lost`, async () => {
        const figures = await soak(
          { ...pair, duplex, threads: { io: 2, content: 6 } },
          {
            sessions: 30,
            threads: 2,
            rampUpSeconds: 0.2,
            pacing: 'poisson',
            ratePerSecond: 1000,
            overSend: 8,
            disconnectsPerSecond: 200,
          },
          700,
        );
        assertFlawless(figures);
        assert.ok(
          loadBalances(figures.fleet.measured.load),
          JSON.stringify(figures.fleet.measured.load),
        );
        assert.ok(figures.fleet.sessions.disconnects > 20);
        assert.ok(figures.fleet.sessions.connects > 50);
        assertRouted(figures);
        const plan = threadPlan(pair.layout, { io: 2, content: 6 }, CONTENTS);
        assert.deepEqual(figures.server.threadsRan, {
          io: plan.io,
          content: plan.perContent * CONTENTS,
        });
      });
    }

    test('request and response: small in and large out, and the other way round', async () => {
      for (const [maxFrameBytes, responseBytes] of [
        [
          128,
          [
            { share: 0.8, min: 64, max: 512 },
            { share: 0.2, min: 4096, max: 8192 },
          ],
        ],
        [8192, 64],
      ] satisfies [number, ResponseBytes][]) {
        const figures = await soak(
          { ...pair, maxFrameBytes: 8192 },
          {
            sessions: 20,
            rampUpSeconds: 0,
            ratePerSecond: 1200,
            overSend: 8,
            maxFrameBytes,
            responseBytes,
            disconnectsPerSecond: 100,
          },
          300,
        );
        assertFlawless(figures);
        const { received, sent } = figures.server.bytes;
        assert.equal(sent > received, maxFrameBytes === 128, `${received} in, ${sent} out`);
      }
    });

    test('closed loop: as fast as the echoes come', async () => {
      const figures = await soak(
        pair,
        { sessions: 20, rampUpSeconds: 0, pacing: 'closed', overSend: 3, loopDelayMs: 5 },
        1500,
      );
      assertFlawless(figures);
    });
  });
}
