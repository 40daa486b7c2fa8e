import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, type Receiver, startReceiver } from '@oversoak/testing/otlp/index';
import type { Telemetry } from '../src/index.ts';
import { started } from './started.ts';

/** Above the bound of a close by what a busy machine may add. */
const CLOSED_WITHIN_MS = 4_000;
const QUICK = {
  OTEL_EXPORTER_OTLP_TIMEOUT: '300',
  OTEL_BSP_SCHEDULE_DELAY: '20',
  OTEL_METRIC_EXPORT_INTERVAL: '50',
};

function endSpans(telemetry: Telemetry, count: number): void {
  for (let n = 0; n < count; n += 1) {
    telemetry.begin('job.process', { startMs: 0 }).end({ endMs: 1, attributes: {} });
  }
}

function dropped(receiver: Receiver): number {
  const point = receiver.points.findLast(({ metric }) => metric === 'oversoak.telemetry.dropped');
  return typeof point?.value === 'number' ? point.value : 0;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

for (const answer of [500, 503, 'hang'] as const satisfies Answer[]) {
  test(`a receiver that answers ${answer} is logged once, and lost data is counted`, async () => {
    const receiver = await startReceiver(answer);
    const warnings: string[] = [];
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...QUICK };
    const telemetry = await started(variables, { warn: (text) => warnings.push(text) });
    endSpans(telemetry, 5);
    await until(() => warnings.length > 0 && receiver.requests > 6);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /^(spans|metrics) cannot be delivered and are dropped until/);

    receiver.answer = 200;
    await until(() => dropped(receiver) > 0);
    const value = dropped(receiver);
    assert.ok(value >= 5 || answer !== 500, `${value} dropped, 5 spans alone were`);
    endSpans(telemetry, 1);
    await telemetry.close();
    assert.ok(receiver.spans.length >= 1, 'what comes later is delivered');
    await receiver.close();
  });
}

test('without a receiver nothing throws, and the close is bounded', async () => {
  const gone = await startReceiver();
  await gone.close();
  const warnings: string[] = [];
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: gone.url, ...QUICK };
  const telemetry = await started(variables, { warn: (text) => warnings.push(text) });
  endSpans(telemetry, 5);
  telemetry.record('oversoak.allocation.duration', 1);
  await telemetry.flush();
  const startedMs = performance.now();
  await telemetry.close();
  assert.ok(performance.now() - startedMs < CLOSED_WITHIN_MS);
  await until(() => warnings.length > 0);
  assert.equal(warnings.length, 1);
  endSpans(telemetry, 1);
  await telemetry.flush();
  await telemetry.close();
});

test('the close does not wait for a hanging receiver', async () => {
  const receiver = await startReceiver('hang');
  const variables = {
    ...QUICK,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
    OTEL_METRIC_EXPORT_INTERVAL: '60000',
  };
  const telemetry = await started(variables);
  endSpans(telemetry, 5);
  const startedMs = performance.now();
  await telemetry.close();
  assert.ok(performance.now() - startedMs < CLOSED_WITHIN_MS);
  assert.ok(receiver.requests > 0);
  await receiver.close();
});

test('queued spans are bounded, and those beyond the bound are counted', async () => {
  const receiver = await startReceiver('hang');
  const telemetry = await started({
    ...QUICK,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_SCHEDULE_DELAY: '60000',
    OTEL_BSP_MAX_QUEUE_SIZE: '10',
    OTEL_METRIC_EXPORT_INTERVAL: '60000',
  });
  // The batch is as large as the queue, so the first ten leave it at once and the next ten wait.
  endSpans(telemetry, 25);
  receiver.answer = 200;
  await telemetry.flush();
  await telemetry.flush();
  assert.equal(dropped(receiver), 5);
  await telemetry.close();
  await receiver.close();
});
