// The metrics of an agent that joined, by the control plane, in a real Prometheus that knows neither.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AgentIdentity, joinLink } from '@oversoak/contracts';
import { assemble, emptyApp } from '@oversoak/control-plane/app';
import { startCluster } from '@oversoak/control-plane/cluster';
import type { Cluster } from '@oversoak/control-plane/routes/cluster';
import { openRelay, startTelemetry } from '@oversoak/telemetry';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { FastifyInstance } from 'fastify';
import { join, readJoinLink } from 'oversoak/api/join';
import { Prometheus } from './prometheus-process.ts';

const TOKEN = 'a-token-of-the-tests-of-oversoak';
const AGENT = 'relayed';

describe('telemetry that the control plane passes on', () => {
  let prometheus: Prometheus;
  let server: RedisServer;
  let cluster: Cluster;
  let app: FastifyInstance;
  let identity: AgentIdentity;
  before(async () => {
    prometheus = await Prometheus.start();
    server = await RedisServer.start();
    process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT = prometheus.receiver;
    const relay = await openRelay();
    delete process.env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
    const relayedSignals = relay.signals;
    cluster = await startCluster({ redisUrl: server.url, log: silentLog, relayedSignals });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000, relay };
    app = await assemble(emptyApp(false), options);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const machine = { agentId: AGENT, address: '127.0.0.1', labels: {}, targets: [] };
    const secret = await cluster.enrolling.enrol(machine);
    assert.ok('token' in secret);
    identity = await join(readJoinLink(joinLink(url, secret)));
  });
  after(async () => {
    await app.close();
    await cluster.close();
    await server.stop();
    await prometheus.stop();
  });

  it('is in Prometheus as the metrics of that agent', async () => {
    assert.deepEqual(identity.telemetry?.signals, ['metrics']);
    const telemetry = await startTelemetry({
      ...{ name: 'oversoak-agent', version: '0', instanceId: AGENT },
      warn: assert.fail,
      receiver: identity.telemetry,
    });
    await telemetry.flush();
    await telemetry.close();
    const query = `oversoak_telemetry_dropped_total{instance="${AGENT}"}`;
    await until(query, async () => {
      const { result } = await prometheus.at(query, Date.now() / 1000);
      return result[0]?.value?.[1] === '0';
    });
  });

  it('is refused as Prometheus refuses it', async () => {
    const { url, token } = identity.telemetry ?? assert.fail('no telemetry');
    const sent = (bytes: number[]) =>
      fetch(new URL('v1/metrics', url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${token}` },
        body: Buffer.from(bytes),
      });
    assert.equal((await sent([])).status, 200, 'an empty message has nothing wrong in it');
    const refused = await sent([255, 255, 255]);
    assert.equal(refused.status, 400, await refused.text());
  });
});
