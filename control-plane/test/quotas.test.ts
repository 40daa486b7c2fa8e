import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { after, afterEach, before, describe, it } from 'node:test';
import type { AuditEntry, CreatedToken } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';
import { assemble, emptyApp } from '../src/app.ts';
import { startCluster } from '../src/cluster.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../src/model/quotas.ts';
import type { Cluster } from '../src/routes/cluster.ts';
import { QUOTAS_KEY } from '../src/store/names.ts';

const TOKEN = 'a-token-of-the-tests-32-characters';

describe('the quotas of a token', () => {
  let server: RedisServer;
  let redis: Redis;
  let agents: SimulatedAgent[];
  const open: { app: FastifyInstance; cluster: Cluster }[] = [];
  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    agents = await Promise.all(['a', 'b'].map((id) => SimulatedAgent.start(server.url, id)));
    for (const agent of agents) agent.behaviour.start = 'silent';
  });
  afterEach(async () => {
    for (const { app, cluster } of open.splice(0)) {
      for await (const stored of cluster.soaks.newest()) {
        await cluster.cancel(stored);
        await until('it is done', async () => {
          const { soak, progress } = (await cluster.soaks.get(stored.soak.soakId)) ?? stored;
          return progress.done === soak.runIds.length;
        });
        await cluster.soaks.delete(stored.soak);
      }
      await app.close();
      await cluster.close();
    }
  });
  after(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
    redis.disconnect();
    await server.stop();
  });

  async function api(quotas: Partial<Quotas>) {
    const cluster = await startCluster({
      redisUrl: server.url,
      log: silentLog,
      quotas: { ...DEFAULT_QUOTAS, ...quotas },
      leaseGraceMs: 0,
      watchEveryMs: 50,
    });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000 };
    const app = await assemble(emptyApp(false), options);
    open.push({ app, cluster });
    const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, as = TOKEN) =>
      app.inject({
        ...{ method, url, headers: { authorization: `Bearer ${as}` } },
        ...(payload === undefined ? {} : { payload }),
      });
    const submit = (as = TOKEN, more: object = {}) =>
      call('POST', '/v1/soaks', { ...submittedSpec(), ...more }, as);
    return { app, cluster, call, submit };
  }

  it('bound its runs that are not done, also of requests at once, and end with them', async () => {
    const { call, submit, cluster } = await api({ queuedRuns: 6 });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => submit(TOKEN, { repeats: 2 })),
    );
    const created = answers.filter(({ statusCode }) => statusCode === 201);
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    assert.deepEqual([created.length, refused.length], [3, 7]);
    assert.match(String(refused[0]?.headers['content-type']), /^application\/problem\+json/);
    const [over] = refused;
    assert.ok(over !== undefined);
    const { quota, detail } = over.json();
    assert.equal(quota, 'queued-runs');
    assert.match(
      detail,
      /^quota queued-runs: 6 of 6 are taken, and this needs 2 more; .*_QUEUED_RUNS/,
    );
    const made = await call('POST', '/v1/tokens', { name: 'other', role: 'operator' });
    assert.equal((await submit(made.json<CreatedToken>().token)).statusCode, 201);

    const [first] = created;
    assert.ok(first !== undefined);
    const { soakId } = first.json();
    await call('POST', `/v1/soaks/${soakId}/cancel`);
    await until('its runs are done', async () => {
      const stored = await cluster.soaks.get(soakId);
      return stored?.progress.done === 2;
    });
    assert.equal((await submit(TOKEN, { repeats: 2 })).statusCode, 201);

    const { entries } = (await call('GET', '/v1/audit')).json<{ entries: AuditEntry[] }>();
    assert.equal(entries.filter(({ outcome }) => outcome === '429 quota queued-runs').length, 7);
  });

  it('repeat the answer to a repeated request although nothing is left', async () => {
    const { app, submit } = await api({ queuedRuns: 1 });
    const repeated = () =>
      app.inject({
        ...{ method: 'POST', url: '/v1/soaks', payload: submittedSpec() },
        headers: { authorization: `Bearer ${TOKEN}`, 'idempotency-key': 'once' },
      });
    const first = await repeated();
    assert.equal(first.statusCode, 201);
    assert.equal((await submit()).statusCode, 429);
    assert.equal((await repeated()).json().soakId, first.json().soakId);
  });

  it('bound what its soaks take in Redis, with their results, until they are deleted', async () => {
    const { call, submit, cluster } = await api({ storedBytes: 20_000 });
    const used = async () => Number(await redis.hget(QUOTAS_KEY, 'bootstrap.bytes'));
    const { soakId } = (await submit()).json();
    const before = await used();
    assert.ok(before > 5000, `${before}`);
    const refused = await submit(TOKEN, { repeats: 3 });
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.json().quota, 'stored-bytes');
    await call('POST', `/v1/soaks/${soakId}/cancel`);
    const done = await until('it is done', async () => {
      const stored = await cluster.soaks.get(soakId);
      return stored?.progress.done === 1 ? stored : null;
    });
    assert.ok((await used()) > before, 'the result counts as well');
    await cluster.soaks.delete(done.soak);
    assert.equal(await redis.hexists(QUOTAS_KEY, 'bootstrap.bytes'), 0);
    assert.equal((await submit(TOKEN, { repeats: 2 })).statusCode, 201);
  });

  it('bound an import by what it would take', async () => {
    const { cluster, submit, call, app } = await api({ storedBytes: 100_000 });
    const { soakId } = (await submit()).json();
    await call('POST', `/v1/soaks/${soakId}/cancel`);
    await until('it is done', async () => (await cluster.soaks.get(soakId))?.progress.done === 1);
    const { body } = await call('GET', `/v1/soaks/${soakId}/export`);
    const stored = await cluster.soaks.get(soakId);
    assert.ok(stored !== null);
    await cluster.soaks.delete(stored.soak);
    await redis.hset(QUOTAS_KEY, 'bootstrap.bytes', 99_000);
    const file = () =>
      app.inject({
        ...{ method: 'POST', url: '/v1/soaks/import', payload: Readable.from([body]) },
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/x-ndjson' },
      } as never) as unknown as Promise<{ statusCode: number; body: string }>;
    const refused = await file();
    assert.equal(refused.statusCode, 429, refused.body);
    assert.equal(JSON.parse(refused.body).quota, 'stored-bytes');
    assert.equal(await cluster.soaks.get(soakId), null);
    assert.deepEqual(await redis.keys('oversoak:import:*'), []);
    await redis.hset(QUOTAS_KEY, 'bootstrap.bytes', 0);
    assert.equal((await file()).statusCode, 201);
    assert.ok(Number(await redis.hget(QUOTAS_KEY, 'bootstrap.bytes')) > 5000);
  });

  it('bound its event streams, of which closed ones count no more', async () => {
    const { app, submit } = await api({ streams: 2 });
    const { soakId } = (await submit()).json();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const stream = async () => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const sent = request({ port, headers, path: `/v1/soaks/${soakId}/events`, agent: false });
      sent.on('error', () => undefined).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.on('error', () => undefined);
      return { sent, response, status: response.statusCode };
    };
    const [one, two] = [await stream(), await stream()];
    assert.deepEqual([one.status, two.status], [200, 200]);
    const third = await stream();
    assert.equal(third.status, 429);
    const text = (await third.response.setEncoding('utf8').toArray()).join('');
    assert.equal(JSON.parse(text).quota, 'streams');
    one.sent.destroy();
    const again = await until('one is free', async () => {
      const next = await stream();
      return next.status === 200 ? next : null;
    });
    for (const { sent } of [two, third, again]) sent.destroy();
  });
});
