// What a run says when the server, the network or the fleet itself fails in a way that a user would
// not see: each with a real fleet.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  answeringTheEnd,
  delayingServer,
  echoServer,
  type FreezableServer,
  freezableServer,
  freezingServer,
  queueingServer,
  slowToCloseServer,
  swallowingServer,
} from '../e2e/peers.ts';
import { disturbedIn, ofFleet, ofLatency, ofServer } from './disturbance.ts';
import { PHASES, VerdictCluster, WORKLOAD } from './verdict-cluster.ts';

describe('a verdict', () => {
  let cluster: VerdictCluster;

  before(async () => {
    cluster = await VerdictCluster.start();
  });
  after(() => cluster.stop());

  const target = (port: number) => ({
    matrix: { sessions: [20] },
    target: { host: '127.0.0.1', port, protocol: 'raw' },
  });

  for (const overSend of [64, 4]) {
    test(`blames a fleet that cannot send what is due, with overSend ${overSend}`, async (t) => {
      const cell = await cluster.outcome(t, {
        name: 'too-fast',
        // A server that keeps up with one thread of a fleet (under Wine it would be the slower one), and
        // a rate that no single thread reaches.
        matrix: { notifier: ['epoll'], layout: ['homo'], sessions: [1500] },
        workload: { ...WORKLOAD, ratePerSecond: 1_000_000, minFrameBytes: 64, overSend },
        threads: { io: 2, content: 1 },
        game: { contents: [{ name: 'lobby', workUs: 0 }] },
        phases: { rampUpSeconds: 2, warmUpSeconds: 1, measureSeconds: 4, drainSeconds: 2 },
        thresholds: ['errors.total <= 1000000'],
      });
      assert.equal(cell.verdict, 'inconclusive');
      assert.match(
        cell.reasons.join(),
        /^generator saturated: of (3,9|4,0)\d{2},\d{3} messages due the fleet/,
      );
      const due = (cell.offeredRate ?? 0) * cell.measuredSeconds;
      assert.ok(Math.abs(due / 4_000_000 - 1) < 0.02, `${due} messages due`);
      assert.ok((cell.achievedRate ?? 0) < 900_000, `${cell.achievedRate}/s`);
    });
  }

  test('counts a server that stalls to the end of the measurement as slow by seconds', async (t) => {
    const spec = async () => ({
      name: 'freeze-at-end',
      ...target(await freezingServer(t, { afterMs: 4000, forMs: 5000 })),
      workload: { ...WORKLOAD, echoTimeoutMs: 10_000 },
      thresholds: ['echo.latency.p99 < 500ms', 'echo.latency.max < 1s'],
    });
    const cell = await cluster.undisturbed(t, spec, ofLatency);
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /echo\.latency\.p99 is [2-5]\.?\d* s/);
    const due = (cell.offeredRate ?? 0) * cell.measuredSeconds;
    assert.ok(Math.abs(due - 1200) <= 25, `${due} messages due`);
    // An echo that a brief stall of the fleet disturbed is in no latency.
    const disturbed = cell.echoes - cell.latencyIntended.count;
    assert.ok(disturbed >= 0 && disturbed < 25, `${disturbed} disturbed`);
    assert.ok(Math.abs(cell.echoes - due) < 25, `${cell.echoes} echoes`);
  });

  test('counts messages that never came back with the age that they reached', async (t) => {
    const spec = async () => ({
      name: 'freeze-for-good',
      ...target(await freezingServer(t, { afterMs: 4000, forMs: 60_000 })),
      phases: { ...PHASES, drainSeconds: 2 },
    });
    const cell = await cluster.undisturbed(t, spec, ofLatency);
    assert.equal(cell.verdict, 'failed');
    assert.match(cell.reasons.join(), /errors\.notReceivedInTime is [4-6]\d\d/);
    assert.ok((cell.latencyIntended.p99Us ?? 0) > 3_000_000, JSON.stringify(cell));
    assert.ok(cell.latencyIntended.count > cell.echoes + 400);
  });

  test('fails a run whose connects are not accepted, with the rate of the spec', async (t) => {
    const port = await swallowingServer(t, 5);
    const cell = await cluster.outcome(t, {
      name: 'few-sessions',
      ...target(port),
      workload: { ...WORKLOAD, connectTimeoutMs: 3000 },
      // Slow enough that the backlog is full when the next session comes.
      phases: { ...PHASES, rampUpSeconds: 4 },
    });
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    const reasons = cell.reasons.join('; ');
    assert.match(reasons, /errors\.connectTimedOut is \d+/);
    assert.match(
      reasons,
      /achieved\.rate is 25\.?\d* % of 1,\d{3} due: .*[\d,]+ had no connected session/,
    );
    assert.match(reasons, /5 of 20 sessions were connected/);
  });

  test('blames a fleet that stalled, and excludes its stall from latency', async (t) => {
    const port = await echoServer(t);
    const cell = await cluster.outcome(
      t,
      { name: 'stopped-fleet', ...target(port) },
      {
        act: async () => {
          await delay(2000);
          await cluster.stopFleet(2000);
        },
      },
    );
    assert.equal(cell.verdict, 'inconclusive', cell.reasons.join());
    assert.match(cell.reasons.join(), /^generator saturated: .* stood still .* for (1\.9|2\.?\d*)/);
    assert.ok((cell.latencyIntended.maxUs ?? 0) < 1_500_000, `${cell.latencyIntended.maxUs} us`);
  });

  test('does not take a repeatedly stalling fleet for a slow server', async (t) => {
    const port = await delayingServer(t, 30);
    const cell = await cluster.undisturbed(
      t,
      async () => ({ name: 'pulses', ...target(port), thresholds: ['echo.latency.p99 < 60ms'] }),
      ofServer(10),
      { act: () => cluster.stopFleet(60, { times: 14, everyMs: 260 }) },
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
    assert.ok((cell.latencyIntended.p99Us ?? 0) < 60_000, `${cell.latencyIntended.p99Us} us`);
  });

  test('does not take a fleet that stalls briefly and often for a slow server', async (t) => {
    const port = await delayingServer(t, 3);
    const cell = await cluster.undisturbed(
      t,
      async () => ({ name: 'flicker', ...target(port), thresholds: ['echo.latency.p99 < 15ms'] }),
      ofServer(4),
      { act: () => cluster.stopFleet(15, { times: 45, everyMs: 100 }) },
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  test('does not take a fleet whose stalls are too short to be seen for a slow server', async (t) => {
    const port = await delayingServer(t, 1);
    const cell = await cluster.undisturbed(
      t,
      async () => ({
        name: 'twitches',
        ...target(port),
        thresholds: ['echo.latency.p99 < 3500us'],
      }),
      ofServer(3),
      { act: () => cluster.stopFleet(4, { times: 350, everyMs: 12 }) },
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  test('does not end a run for what sessions make up for of a short stall of the fleet', async (t) => {
    const port = await delayingServer(t, 100);
    const cell = await cluster.undisturbed(
      t,
      async () => ({
        name: 'nearly-full',
        ...target(port),
        matrix: { sessions: [50] },
        // 9/s of the 9.8/s that a session can send: it needs half a second to make up for it.
        workload: { ...WORKLOAD, ratePerSecond: 450, overSend: 1 },
        thresholds: [{ threshold: 'echo.latency.p99 < 130ms every 1s', abort: true }],
      }),
      ofServer(10),
      { act: () => cluster.stopFleet(45, { afterMs: 1700 }) },
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  test('excludes from latency what queues at the server behind a stall of the fleet', async (t) => {
    // 200/s of the 220/s that it can answer: it makes up for 110 ms in 1.1 s.
    const port = await queueingServer(t, 1000 / 220);
    const cell = await cluster.outcome(
      t,
      { name: 'queue-behind-a-stall', ...target(port), workload: { ...WORKLOAD, overSend: 8 } },
      { act: () => cluster.stopFleet(110, { afterMs: 1000 }) },
    );
    // While it stood still itself, 22 were due.
    assert.ok(disturbedIn(cell) > 80, `${disturbedIn(cell)} messages`);
  });

  test('does not carry a stall of the fleet from the warm-up into the measurement', async (t) => {
    const port = await delayingServer(t, 25);
    const cell = await cluster.undisturbed(
      t,
      async () => ({
        name: 'stopped-in-warm-up',
        ...target(port),
        // 25/s of the 40/s at most that a session can send.
        workload: { ...WORKLOAD, ratePerSecond: 500, overSend: 1 },
        phases: { ...PHASES, warmUpSeconds: 3 },
        thresholds: ['echo.latency.p99 < 100ms', 'achieved.rate >= 99% every 1s'],
      }),
      // The second is none: the stop itself is long over.
      (cell, lateMs) => ofServer(10)(cell, lateMs) ?? ofLatency(cell, lateMs),
      {
        during: 'warming',
        act: async () => {
          await delay(1000);
          await cluster.stopFleet(1500);
        },
      },
    );
    assert.equal(cell.verdict, 'passed', cell.reasons.join());
  });

  test('does not take a stall of the fleet in the ramp-up for connects that are not accepted', async (t) => {
    const port = await echoServer(t);
    const cell = await cluster.outcome(
      t,
      {
        name: 'stopped-in-ramp-up',
        ...target(port),
        phases: { ...PHASES, rampUpSeconds: 1.5, warmUpSeconds: 0 },
      },
      { during: 'warming', act: () => cluster.stopFleet(2500) },
    );
    assert.equal(cell.verdict, 'inconclusive', cell.reasons.join());
    assert.match(cell.reasons.join(), /^generator saturated: .* never sent \d+/);
  });

  test('does not blame a server that ends with its run for a fleet that slept through the end', async (t) => {
    const spec = {
      name: 'slept-through-the-end',
      matrix: { notifier: ['iocp'], layout: ['homo'], sessions: [20] },
      workload: { ...WORKLOAD, minFrameBytes: 64 },
      phases: { ...PHASES, drainSeconds: 0.5 },
      thresholds: ['errors.total == 0'],
    };
    // The server waits for three seconds behind the drain.
    const act = () => cluster.stopFleet(7000, { afterMs: 5500 });
    const cell = await cluster.outcome(t, spec, { act });
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  test('fails a server that stalls for longer than a stall of the fleet explains', async (t) => {
    let server: FreezableServer | undefined;
    const spec = async () => {
      server = await freezableServer(t);
      return { ...target(server.port), name: 'both', thresholds: ['echo.latency.p99 < 200ms'] };
    };
    const act = async () => {
      server?.freeze(480);
      await cluster.stopFleet(50);
    };
    const cell = await cluster.undisturbed(t, spec, ofFleet, { act });
    assert.match(cell.reasons.join(), /^echo\.latency\.p99 is (at least )?[234]\d\d.* ms, wanted/);
  });

  test('does not excuse a silent server by a stall that is long over', async (t) => {
    const cell = await cluster.undisturbed(
      t,
      async () => ({
        name: 'silent-after-a-stall',
        ...target(await freezingServer(t, { afterMs: 4500, forMs: 3000 })),
        workload: { ...WORKLOAD, overSend: 512, echoTimeoutMs: 500 },
        phases: { ...PHASES, warmUpSeconds: 2 },
      }),
      ofFleet,
      { during: 'warming', act: () => cluster.stopFleet(1000) },
    );
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /errors\.notReceivedInTime is [3-6]\d\d/);
  });

  for (const [where, stopMs] of [
    ['', 0],
    [', and stalled in the drain', 60],
  ] as const) {
    test(`fails a server that answers only once the fleet has ended its side${where}`, async (t) => {
      const cell = await cluster.undisturbed(
        t,
        async () => ({
          name: 'answers-the-end',
          ...target(await answeringTheEnd(t, 3000)),
          workload: { ...WORKLOAD, echoTimeoutMs: 60_000 },
          phases: { ...PHASES, drainSeconds: 1 },
        }),
        ofFleet,
        {
          act: async () => {
            await delay(PHASES.measureSeconds * 1000 + 500);
            if (stopMs > 0) await cluster.stopFleet(stopMs);
          },
        },
      );
      assert.equal(cell.verdict, 'failed', cell.reasons.join());
      assert.match(cell.reasons.join(), /errors\.notReceivedInTime is [3-9]\d\d/);
    });
  }

  for (const [how, server, verdict] of [
    ['stays silent', (t) => freezingServer(t, { afterMs: 2500, forMs: 60_000 }), 'failed'],
    ['answers', (t) => echoServer(t), 'passed'],
  ] satisfies [string, (context: TestContext) => Promise<number>, string][]) {
    test(`of slow readers alone: a server that ${how} ${verdict}`, async (t) => {
      const cell = await cluster.undisturbed(t, async () => ({
        name: 'slow-readers',
        ...target(await server(t)),
        workload: {
          ...WORKLOAD,
          slowReaders: { share: 1, bytesPerSecond: 100_000 },
          echoTimeoutMs: 1000,
        },
      }));
      assert.equal(cell.verdict, verdict, cell.reasons.join());
      if (verdict === 'failed')
        assert.match(cell.reasons.join(), /errors\.notReceivedInTime is \d+/);
    });
  }

  test('fails a server that drops echoes of sessions that are about to disconnect', async (t) => {
    const spec = (fault: object) => async () => ({
      name: 'drops-under-churn',
      matrix: { notifier: ['epoll'], layout: ['homo'], sessions: [20] },
      workload: { ...WORKLOAD, minFrameBytes: 64, disconnectsPerSecond: 40 },
      game: { contents: [{ name: 'lobby', workUs: 0 }] },
      ...fault,
    });
    const cell = await cluster.undisturbed(t, spec({ fault: { dropEvery: 100 } }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /errors\.notReceivedInTime is \d+/);
    const sound = await cluster.undisturbed(t, spec({}));
    assert.equal(sound.verdict, 'passed', sound.reasons.join());
  });

  test('does not excuse a server that closes connections slowly by churn', async (t) => {
    const port = await slowToCloseServer(t, 1500);
    const cell = await cluster.undisturbed(t, async () => ({
      name: 'slow-close',
      ...target(port),
      workload: { ...WORKLOAD, disconnectsPerSecond: 5 },
    }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(
      cell.reasons.join(),
      /achieved\.rate is [67]\d[.\d]* % .* waited for the server to close the connection/,
    );
  });

  test('does not excuse a stalled server by churn', async (t) => {
    const cell = await cluster.undisturbed(t, async () => ({
      name: 'stopped-under-churn',
      ...target(await freezingServer(t, { afterMs: 2500, forMs: 3000 })),
      workload: { ...WORKLOAD, disconnectsPerSecond: 40 },
    }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /achieved\.rate is .* waited for the server to close/);
  });

  test('attributes messages held back by a stalled server to the server, not to the fleet', async (t) => {
    const cell = await cluster.undisturbed(t, async () => ({
      name: 'stopped-server',
      ...target(await freezingServer(t, { afterMs: 3000, forMs: 2000 })),
      workload: { ...WORKLOAD, overSend: 1 },
      thresholds: ['echo.latency.p99 < 500ms'],
    }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /^echo\.latency\.p99 is (1\.\d+|2\.?\d*) s/);
    assert.ok((cell.sendLag.p99Us ?? 0) < 500_000, `the fleet itself ${cell.sendLag.p99Us} us`);
    assert.ok(cell.sendLag.count < cell.echoes - 200, 'what was held is no lateness');
  });

  test('does not count a message sent in a later window as achieved in its own', async (t) => {
    const spec = async () => ({
      name: 'windows-behind',
      ...target(await freezingServer(t, { afterMs: 3000, forMs: 2000 })),
      workload: { ...WORKLOAD, overSend: 1, echoTimeoutMs: 10_000 },
    });
    const judged = await cluster.outcome(t, {
      ...(await spec()),
      thresholds: ['achieved.rate >= 95%', 'achieved.rate >= 95% every 1s'],
    });
    assert.equal(judged.verdict, 'failed', judged.reasons.join());
    assert.equal(judged.reasons.length, 1, 'over the whole all of it left');
    assert.match(
      judged.reasons.join(),
      /^achieved\.rate is \d+\.?\d* % of (19|20)\d due: \d+ waited for room past the end in \d to \d s .* \(missed in [2-4] of 6 windows\)$/,
    );
    const ended = await cluster.outcome(t, {
      ...(await spec()),
      thresholds: [{ threshold: 'achieved.rate >= 95% every 1s', abort: true }],
    });
    assert.equal(ended.verdict, 'failed', ended.reasons.join());
    assert.match(
      ended.reasons.join(),
      /^achieved\.rate is .* waited for room past the end in .*: the run was ended [4-6]\.\d s after/,
    );
  });
});
