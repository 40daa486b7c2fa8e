import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerBalances } from '@oversoak/contracts';
import { type Answer, startReceiver } from '@oversoak/testing/otlp/index';
import { startAgent } from '../../src/agent.ts';
import { Cluster } from '../cluster.ts';
import { assignFleet, assignServer, SHORT, start } from '../jobs.ts';

/** What the orderly stop of an agent is bounded to. */
const STOPPED_WITHIN_MS = 5_000;
const PHASES = { ...SHORT, measureSeconds: 1.1 };

for (const answer of ['hang', 500] as const satisfies Answer[]) {
  test(`a receiver that answers ${answer} does not affect the run or the stop`, async (t) => {
    const receiver = await startReceiver(answer);
    const cluster = await Cluster.start();
    t.after(() => cluster.stop());
    const before = { ...process.env };
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
    process.env.OTEL_METRIC_EXPORT_INTERVAL = '100';
    const agent = await startAgent(cluster.config({ traceIntervalMs: 1_000 }));
    process.env = before;

    await cluster.send(assignServer('run-a', { phases: PHASES }));
    await cluster.send(assignFleet('run-a', { phases: PHASES }));
    while (cluster.seen.of('run-a').length < 2) await cluster.seen.next();
    await cluster.send(start('run-a'));
    while (cluster.seen.of('run-a').length < 6) await cluster.seen.next();
    const kinds = cluster.seen.kinds('run-a').toSorted();
    assert.deepEqual(kinds, [
      ...['finished', 'finished', 'prepared', 'prepared', 'started', 'started'],
    ]);
    for (const report of cluster.seen.of('run-a')) {
      if (report.kind !== 'finished' || report.result.role !== 'fleet') continue;
      assert.ok(ledgerBalances(report.result.figures.final.ledger));
    }

    const begunMs = performance.now();
    await agent.stop();
    assert.ok(performance.now() - begunMs < STOPPED_WITHIN_MS);
    assert.ok(receiver.requests > 0, 'it was tried');
    await receiver.close();
  });
}
