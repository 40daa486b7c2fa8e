// What the layouts do with a content's work, its ticks and its queue; the locks and queues they can have.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CONTAINER_LOCKS,
  CONTENT_QUEUES,
  type Game,
  histogramText,
  LAYOUTS,
  PROTOCOLS,
  readHistogram,
  type ServerSnapshot,
  STAGE_NAMES,
  slowest,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { startFleet, startServer } from '../src/index.ts';
import { assertEveryEchoAccountedFor, assertFlawless } from './accounts.ts';
import { GAME } from './game.ts';
import { here } from './notifiers.ts';
import { Peer } from './peer.ts';
import { soak } from './soak.ts';

const LOAD = { sessions: 20, rampUpSeconds: 0, ratePerSecond: 400, overSend: 4 };

function game(lobby: Partial<Game['contents'][number]>): Game {
  return { ...GAME, contents: [{ name: 'lobby', workUs: 0, moves: {}, ...lobby }] };
}

/** CPU seconds of the threads that do contents. */
function contentCpuSeconds({ layout, threads }: ServerSnapshot): number {
  return threads
    .filter(({ name }) => name.startsWith(layout === 'homo' ? 'io-' : 'lobby-'))
    .reduce((sum, { userSeconds, kernelSeconds }) => sum + userSeconds + kernelSeconds, 0);
}

const queueWaits = (server: ServerSnapshot, content: string) =>
  readHistogram(histogramText(server.histograms.queueWait[content] ?? new Uint8Array()));

test('the work of a content uses its CPU time, the same in every layout', async () => {
  const WORK_US = 2000;
  const seconds = [];
  for (const layout of LAYOUTS) {
    const { fleet, server } = await soak(
      { notifier: here('iocp'), layout, game: game({ workUs: WORK_US }) },
      { ...LOAD, ratePerSecond: 200, echoTimeoutMs: 20_000 },
      300,
    );
    assertFlawless({ fleet, server });
    const worked = server.contents[0]?.workSeconds ?? 0;
    const planned = (WORK_US / 1e6) * fleet.ledger.sent;
    assert.ok(worked > 0.8 * planned, `${layout}: worked ${worked} s of ${planned} s`);
    // Less than it worked by the clock, where the host of a virtual machine has other work.
    assert.ok(
      contentCpuSeconds(server) > 0.5 * planned,
      `${layout}: ${JSON.stringify(server.threads)}`,
    );
    seconds.push(contentCpuSeconds(server) / fleet.ledger.sent);
  }
  // Thread times come in steps of 10 ms, and homo's thread does its IO beside the work.
  assert.ok(Math.max(...seconds) < 1.7 * Math.min(...seconds), `s per message: ${seconds}`);
});

test('the kinds of a mix use their configured CPU time', async () => {
  const mix = [
    { share: 0.75, workUs: 0 },
    { share: 0.25, workUs: 2000 },
  ];
  const { fleet, server } = await soak(
    { notifier: here('iocp'), layout: 'hetero', game: game({ mix }) },
    { ...LOAD, echoTimeoutMs: 20_000 },
    600,
  );
  assertFlawless({ fleet, server });
  const perMessageUs = (1e6 * (server.contents[0]?.workSeconds ?? 0)) / fleet.ledger.sent;
  assert.ok(perMessageUs > 0.6 * 500 && perMessageUs < 3 * 500, `${perMessageUs} us a message`);
});

for (const layout of LAYOUTS) {
  describe(layout, () => {
    test('messages of a content with ticks wait for the tick', async () => {
      const { fleet, server } = await soak(
        { notifier: here('iocp'), layout, game: game({ ticksPerSecond: 10 }) },
        { ...LOAD, ratePerSecond: 300, overSend: 16 },
        300,
        50,
      );
      assertFlawless({ fleet, server });
      const waits = queueWaits(server, 'lobby');
      assert.equal(waits.totalCount, fleet.ledger.sent);
      const medianMs = waits.getValueAtPercentile(50) / 1e6;
      assert.ok(medianMs > 20 && medianMs < 100, `median wait ${medianMs} ms of a 100 ms tick`);
      assert.equal(slowest(fleet.measured.stages, 0.5)?.dominating, 'queue');
    });

    test('players move between contents with ticks and without, in order', async () => {
      const contents = GAME.contents.map((content) =>
        content.name === 'pvp' ? { ...content, ticksPerSecond: 50 } : content,
      );
      const figures = await soak(
        { notifier: here('completion-routine'), layout, game: { ...GAME, contents } },
        { ...LOAD, overSend: 16, disconnectsPerSecond: 40 },
        500,
      );
      assertFlawless(figures);
      assert.ok(figures.server.moves > 50);
    });

    test('the stages of an echo add up to its latency', async () => {
      const figures = await soak(
        { notifier: here('iocp'), layout, game: GAME },
        { ...LOAD, overSend: 8 },
        500,
        50,
      );
      assertFlawless(figures);
      const { stages, latency, load } = figures.fleet.measured;
      const counted = stages.reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, load.echoed - load.disturbed);
      const sumNs = (of: (row: (typeof stages)[number]) => number) =>
        stages.reduce((sum, row) => sum + of(row), 0);
      const totalNs = sumNs((row) => STAGE_NAMES.reduce((sum, stage) => sum + row[stage], 0));
      const meanNs = readHistogram(histogramText(latency.intended)).mean;
      assert.ok(Math.abs(totalNs / counted / meanNs - 1) < 0.02, `${totalNs} of ${meanNs}`);
      const inQueue = sumNs(({ queue }) => queue);
      const atLock = sumNs(({ lock }) => lock);
      // Between taking the message to hand and its work there is only a reading of the clock.
      if (layout === 'homo') assert.ok(atLock === 0 && inQueue < 50_000 * counted);
      else assert.ok(inQueue > 0 && atLock > 0);
      // At least 20 us by the clock of the calibration, which a processor shared with others slows.
      assert.ok(sumNs(({ work }) => work) > 10_000 * counted);
    });

    test('a session that is reset during its work is removed cleanly', async () => {
      const figures = await soak(
        { notifier: here('iocp'), layout, game: game({ workUs: 1000 }) },
        {
          ...LOAD,
          ratePerSecond: 500,
          overSend: 32,
          disconnectsPerSecond: 100,
          abortiveShare: 0.5,
        },
        400,
      );
      assertEveryEchoAccountedFor(figures);
      const { fleet, server } = figures;
      assert.ok(fleet.sessions.aborts > 5, JSON.stringify(fleet.sessions));
      assert.ok(server.errors.peerReset > 0 && server.errors.peerReset <= fleet.sessions.aborts);
      const { received, echoed, discarded } = server.frames;
      assert.equal(received, echoed + discarded);
    });
  });
}

test('a queue at its limit closes the session that overflows it, and counts it', async () => {
  const { fleet, server } = await soak(
    {
      notifier: here('iocp'),
      layout: 'hetero',
      game: { ...game({ workUs: 5000 }), queueLimit: 4 },
    },
    { ...LOAD, sessions: 10, overSend: 16 },
    200,
  );
  assert.ok(server.errors.queueOverflow > 0, JSON.stringify(server.errors));
  assert.ok(fleet.errors.disconnectedByServer > 0);
  assertEveryEchoAccountedFor({ fleet, server });
  const [lobby] = server.contents;
  assert.ok((lobby?.queueDepth.max ?? 0) <= 4, JSON.stringify(lobby));
});

for (const containerLock of CONTAINER_LOCKS) {
  for (const contentQueue of CONTENT_QUEUES) {
    test(`a container under ${containerLock}, queues ${contentQueue}`, async () => {
      const figures = await soak(
        {
          notifier: here('event'),
          layout: 'hetero-channels',
          threads: { io: 2, content: 6 },
          game: { ...GAME, containerLock, contentQueue },
        },
        { ...LOAD, overSend: 8, disconnectsPerSecond: 40 },
        500,
      );
      assertFlawless(figures);
      assert.ok(figures.server.container.lookups >= figures.server.frames.received);
    });
  }
}

for (const protocol of PROTOCOLS) {
  for (const layout of LAYOUTS) {
    test(`the fleet speaks ${protocol} with a server in ${layout}`, async () => {
      const figures = await soak(
        { notifier: here('iocp'), layout, protocol, game: GAME },
        { ...LOAD, protocol, overSend: 4, disconnectsPerSecond: 20 },
        400,
      );
      // Raw bytes have no ends: what one receive brings is one message.
      if (protocol === 'raw') assertEveryEchoAccountedFor(figures);
      else assertFlawless(figures);
      assert.equal(figures.fleet.ledger.echoed, figures.fleet.ledger.sent);
      assert.equal(figures.fleet.measured.stages.length > 0, protocol === 'oversoak');
    });
  }
}

for (const layout of LAYOUTS) {
  test(`a plain client is echoed in ${layout}: echo8 and raw`, async () => {
    for (const [protocol, bytes] of [
      ['echo8', Buffer.from([8, 0, 1, 2, 3, 4, 5, 6, 7, 8])],
      ['raw', Buffer.from('any bytes at all\n')],
    ] as const) {
      const server = startServer({
        notifier: here('select'),
        layout,
        protocol,
        host: '127.0.0.1',
        game: GAME,
      });
      try {
        const peer = await Peer.connect(server.port);
        for (let i = 0; i < 20; i += 1) {
          peer.send(bytes);
          assert.deepEqual(await peer.take(bytes.length), bytes);
        }
        peer.socket.end();
        await peer.closed();
      } finally {
        const { errors } = await server.stop();
        assert.deepEqual(
          Object.values(errors).filter((count) => count !== 0),
          [],
        );
      }
    }
  });
}

test('slow readers fill the send buffer: sends go pending, the others are served', async () => {
  const server = startServer({
    notifier: here('iocp'),
    layout: 'hetero',
    host: '127.0.0.1',
    maxFrameBytes: 16_384,
    sendQueueBytes: 16_777_216,
  });
  try {
    const fleet = startFleet({
      host: '127.0.0.1',
      port: server.port,
      sessions: 2,
      rampUpSeconds: 0,
      minFrameBytes: 16_384,
      maxFrameBytes: 16_384,
      pacing: 'closed',
      overSend: 600,
      loopDelayMs: 20,
      echoTimeoutMs: 20_000,
      slowReaders: { share: 0.5, bytesPerSecond: 20_000 },
    });
    try {
      await until('a send that is not taken', () => server.snapshot().sends.pending > 0);
      const { echoed } = fleet.snapshot().ledger;
      await until('the others go on', () => fleet.snapshot().ledger.echoed > echoed + 500);
      assert.equal(fleet.snapshot().sessions.slowReaders, 1);
      assert.equal(fleet.snapshot().errors.notReceivedInTime, 0);
    } finally {
      await fleet.stop({ drainSeconds: 10 });
    }
  } finally {
    await server.stop();
  }
});
