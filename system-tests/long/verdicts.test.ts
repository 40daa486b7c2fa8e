// What a run says when the server, the network or the fleet itself fails in a way that a user would
// not see: each with a real fleet.
import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ComparedCell } from '@oversoak/contracts';
import { hostProcesses } from '../e2e/demo-process.ts';
import {
  delayingServer,
  echoServer,
  freezingServer,
  slowToCloseServer,
  swallowingServer,
} from '../e2e/peers.ts';
import { RunningCluster } from '../e2e/running-cluster.ts';

const PHASES = { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 6, drainSeconds: 5 };
const WORKLOAD = { ratePerSecond: 200, minFrameBytes: 32, maxFrameBytes: 64, overSend: 64 };

/** Why a run says nothing of what its test is about: the machine had other work. null: it did not. */
type Disturbance = (cell: ComparedCell, lateMs: number) => string | null;

const ofFleet: Disturbance = ({ reasons }) =>
  reasons.join().startsWith('generator saturated') ? reasons.join() : null;

const MAX_DISTURBED = 20;
/** Of the latencies, in which echoes are not that the fleet disturbed. */
const ofLatency: Disturbance = ({ offeredRate, measuredSeconds, latencyIntended }) => {
  const without = Math.round((offeredRate ?? 0) * measuredSeconds) - latencyIntended.count;
  return without > MAX_DISTURBED ? `the fleet disturbed ${without} messages` : null;
};

/** Of the servers in this process, which were late at this percentile with all that they did. */
const LATE_PERCENTILE = 99;
const ofServer =
  (limitMs: number): Disturbance =>
  (_, lateMs) =>
    lateMs > limitMs ? `the test's server was ${lateMs} ms late itself` : null;

const TRIES = 4;

describe('a verdict', () => {
  let cluster: RunningCluster;

  before(async () => {
    cluster = await RunningCluster.start();
  });
  after(() => cluster.stop());

  async function outcome(
    context: TestContext,
    spec: object,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<ComparedCell> {
    const soak = await cluster.submit(context, { workload: WORKLOAD, phases: PHASES, ...spec });
    await soak.says(/: measuring$/m);
    await meanwhile();
    await soak.exitCode();
    return cluster.onlyCell(context, soak);
  }

  /** That of a run which the machine let be; after all tries that of the last. */
  async function undisturbed(
    context: TestContext,
    makeSpec: () => Promise<object>,
    disturbance: Disturbance = ofFleet,
    meanwhile?: () => Promise<void>,
  ): Promise<ComparedCell> {
    for (let tries = 1; ; tries += 1) {
      const lateness = monitorEventLoopDelay({ resolution: 1 });
      lateness.enable();
      const cell = await outcome(context, await makeSpec(), meanwhile);
      lateness.disable();
      const why = disturbance(cell, lateness.percentile(LATE_PERCENTILE) / 1e6);
      if (why === null || tries === TRIES) return cell;
      context.diagnostic(`run ${tries} of at most ${TRIES}: ${why}`);
    }
  }

  /** Stops the fleet's process `times` times. The search for it would disturb a server of this process. */
  async function stopFleet(forMs: number, times = 1, everyMs = 0): Promise<void> {
    const [fleet, ...others] = await hostProcesses(cluster.footprint.folder);
    assert.ok(fleet !== undefined && others.length === 0, 'one host process: the fleet');
    for (let stop = 0; stop < times; stop++) {
      process.kill(fleet, 'SIGSTOP');
      await delay(forMs);
      process.kill(fleet, 'SIGCONT');
      await delay(Math.max(0, everyMs - forMs));
    }
  }

  const target = (port: number) => ({
    matrix: { sessions: [20] },
    target: { host: '127.0.0.1', port, protocol: 'raw' },
  });

  for (const overSend of [64, 4]) {
    test(`blames a fleet that cannot send what is due, with overSend ${overSend}`, async (t) => {
      const cell = await outcome(t, {
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
    const cell = await undisturbed(t, spec, ofLatency);
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
    const cell = await undisturbed(t, spec, ofLatency);
    assert.equal(cell.verdict, 'failed');
    assert.match(cell.reasons.join(), /errors\.notReceivedInTime is [4-6]\d\d/);
    assert.ok((cell.latencyIntended.p99Us ?? 0) > 3_000_000, JSON.stringify(cell));
    assert.ok(cell.latencyIntended.count > cell.echoes + 400);
  });

  test('fails a run whose connects are not accepted, with the rate of the spec', async (t) => {
    const port = await swallowingServer(t, 5);
    const cell = await outcome(t, {
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
      /achieved\.rate is 25\.?\d* % of 1,\d{3} due: [\d,]+ had no connected session/,
    );
    assert.match(reasons, /5 of 20 sessions were connected/);
  });

  test('blames a fleet that stalled, and excludes its stall from latency', async (t) => {
    const port = await echoServer(t);
    const cell = await outcome(t, { name: 'stopped-fleet', ...target(port) }, async () => {
      await delay(2000);
      await stopFleet(2000);
    });
    assert.equal(cell.verdict, 'inconclusive', cell.reasons.join());
    assert.match(cell.reasons.join(), /^generator saturated: .* stood still .* for (1\.9|2\.?\d*)/);
    assert.ok((cell.latencyIntended.maxUs ?? 0) < 1_500_000, `${cell.latencyIntended.maxUs} us`);
  });

  test('does not take a repeatedly stalling fleet for a slow server', async (t) => {
    const port = await delayingServer(t, 30);
    const cell = await undisturbed(
      t,
      async () => ({ name: 'pulses', ...target(port), thresholds: ['echo.latency.p99 < 60ms'] }),
      ofServer(10),
      () => stopFleet(60, 14, 260),
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
    assert.ok((cell.latencyIntended.p99Us ?? 0) < 60_000, `${cell.latencyIntended.p99Us} us`);
  });

  test('does not take a fleet that stalls briefly and often for a slow server', async (t) => {
    const port = await delayingServer(t, 3);
    const cell = await undisturbed(
      t,
      async () => ({ name: 'flicker', ...target(port), thresholds: ['echo.latency.p99 < 15ms'] }),
      ofServer(4),
      () => stopFleet(15, 45, 100),
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  test('does not take a fleet whose stalls are too short to be seen for a slow server', async (t) => {
    const port = await delayingServer(t, 1);
    const cell = await undisturbed(
      t,
      async () => ({
        name: 'twitches',
        ...target(port),
        thresholds: ['echo.latency.p99 < 3500us'],
      }),
      ofServer(3),
      () => stopFleet(4, 350, 12),
    );
    assert.notEqual(cell.verdict, 'failed', cell.reasons.join());
  });

  for (const [how, server, verdict] of [
    ['stays silent', (t) => freezingServer(t, { afterMs: 2500, forMs: 60_000 }), 'failed'],
    ['answers', (t) => echoServer(t), 'passed'],
  ] satisfies [string, (context: TestContext) => Promise<number>, string][]) {
    test(`of slow readers alone: a server that ${how} ${verdict}`, async (t) => {
      const cell = await undisturbed(t, async () => ({
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
    const cell = await undisturbed(t, spec({ fault: { dropEvery: 100 } }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /errors\.notReceivedInTime is \d+/);
    const sound = await undisturbed(t, spec({}));
    assert.equal(sound.verdict, 'passed', sound.reasons.join());
  });

  test('does not excuse a server that closes connections slowly by churn', async (t) => {
    const port = await slowToCloseServer(t, 1500);
    const cell = await undisturbed(t, async () => ({
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
    const cell = await undisturbed(t, async () => ({
      name: 'stopped-under-churn',
      ...target(await freezingServer(t, { afterMs: 2500, forMs: 3000 })),
      workload: { ...WORKLOAD, disconnectsPerSecond: 40 },
    }));
    assert.equal(cell.verdict, 'failed', cell.reasons.join());
    assert.match(cell.reasons.join(), /achieved\.rate is .* waited for the server to close/);
  });

  test('attributes messages held back by a stalled server to the server, not to the fleet', async (t) => {
    const cell = await undisturbed(t, async () => ({
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
    const judged = await outcome(t, {
      ...(await spec()),
      thresholds: ['achieved.rate >= 95%', 'achieved.rate >= 95% every 1s'],
    });
    assert.equal(judged.verdict, 'failed', judged.reasons.join());
    assert.equal(judged.reasons.length, 1, 'over the whole all of it left');
    assert.match(
      judged.reasons.join(),
      /^achieved\.rate is \d+\.?\d* % of (19|20)\d due: \d+ waited for room past the end in \d to \d s .* \(missed in [2-4] of 6 windows\)$/,
    );
    const ended = await outcome(t, {
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
