import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type Assign,
  type FleetWindow,
  reportsKey,
  type ServerWindow,
  windowSecondsOf,
} from '@oversoak/contracts';
import {
  fleetResult,
  latencies,
  madeLoad,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import type { Cluster } from '../../src/routes/cluster.ts';
import { runResultKey } from '../../src/store/names.ts';

const HOUR_SECONDS = 3600;
const RATE = 500;
/** Histograms that differ from one another: more than gzip's 32 KB sees at a time. */
const DISTINCT = 12;
/** Of a minute; an hour of them fills few buckets more. */
const RECORDED = 60 * RATE;
const MEGABYTE = 1_000_000;

const histograms = Array.from({ length: DISTINCT }, (_, at) => latencies(RECORDED, 2, at));

/** A run that measured so long, in windows with latencies of the shape that echoes have. */
function longResults(measureSeconds: number) {
  const windowSeconds = windowSecondsOf(measureSeconds);
  const perWindow = RATE * windowSeconds;
  const spans = Array.from({ length: measureSeconds / windowSeconds }, (_, at) => ({
    startSeconds: at * windowSeconds,
    endSeconds: (at + 1) * windowSeconds,
  }));
  const fleet = fleetResult();
  const server = serverResult();
  const { own } = server.figures.final;
  const fleetWindows: FleetWindow[] = spans.map((span, at) => ({
    ...span,
    intended: histograms[at % DISTINCT] ?? '',
    load: madeLoad(perWindow),
    leftLater: [{ windows: 1 + (at % 7), messages: 1 + (at % 50) }],
    errors: fleet.figures.final.errors,
    busySeconds: windowSeconds / (3 + (at % 5)),
  }));
  const serverWindows: ServerWindow[] = spans.map((span, at) => ({
    ...span,
    echoed: perWindow,
    cpuSeconds: windowSeconds / 7 + at / 1000,
    sessions: 500,
    queueDepthMean: 1 + (at % 13) / 7,
    errors: server.figures.final.errors,
    own: { ...own, workingSetBytes: 60_000_000 + at * 4096 },
  }));
  return {
    server: { ...server, series: { windowSeconds, windows: serverWindows } },
    fleet: { ...fleet, series: { windowSeconds, windows: fleetWindows } },
  };
}

describe('the result of a long soak', () => {
  let bench: TestCluster;
  let plane: Cluster;
  let redis: Redis;
  before(async () => {
    bench = await TestCluster.start();
    redis = new Redis(bench.server.url);
    plane = await bench.plane();
  });
  after(async () => {
    redis.disconnect();
    await bench.clear();
    await bench.stop();
  });

  for (const { name, hours, maxMegabytes } of [
    { name: '8 h', hours: 8, maxMegabytes: 2 },
    { name: '24 h', hours: 24, maxMegabytes: 5 },
    { name: '30 days', hours: 720, maxMegabytes: 4 },
  ]) {
    it(`of ${name} passes through its report and is stored compactly`, async (t) => {
      const [a, b] = await bench.agents();
      for (const agent of [a, b]) agent.behaviour.start = 'silent';
      const { soak } = await submit(plane, { phases: LONG });
      const [runId = ''] = soak.runIds;
      await reach(plane, runId, 'measuring');
      const results = longResults(hours * HOUR_SECONDS);
      const reported = JSON.stringify(results.fleet).length;
      await a.report({
        kind: 'finished',
        ...a.from(a.received('assign')[0] as Assign),
        result: results.server,
      });
      await b.report({
        kind: 'finished',
        ...b.from(b.received('assign')[0] as Assign),
        result: results.fleet,
      });
      await reach(plane, runId, 'done');
      const stored = await redis.strlen(runResultKey(runId));
      const kept = await plane.runs.result(runId);
      const document = JSON.stringify(kept).length;
      t.diagnostic(
        `${name}: ${results.fleet.series.windows.length} windows; the fleet's report ` +
          `${(reported / MEGABYTE).toFixed(2)} MB, the document ` +
          `${(document / MEGABYTE).toFixed(2)} MB, stored ${(stored / MEGABYTE).toFixed(2)} MB`,
      );
      assert.deepEqual(kept?.server, results.server);
      assert.deepEqual(kept?.fleets, { 'agent-b': results.fleet });
      assert.ok(stored < maxMegabytes * MEGABYTE, `${stored} bytes`);
      assert.ok(stored < 0.75 * document);
      // Neither the reports nor the agents' streams keep a second copy of it.
      await until('the reports are gone from the streams', async () => {
        const lengths = await Promise.all(
          [a, b].map(({ registration }) => redis.xlen(reportsKey(registration.agentId))),
        );
        return lengths.every((length) => length === 0);
      });
      for (const agent of [a, b]) await agent.stop();
    });
  }
});
