// How the embedded cluster lets its agents join, against a real control plane and a real Redis.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readIdentity } from '@oversoak/agent/identity/identity-file';
import { leaseKey, registrationKey } from '@oversoak/contracts';
import { assemble, emptyApp } from '@oversoak/control-plane/app';
import { startCluster } from '@oversoak/control-plane/cluster';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { registration } from '@oversoak/testing/builders/made-agents';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import type { ApiAddress } from '../../src/api/client.ts';
import { enrol } from '../../src/cluster/enrol.ts';

describe('an agent of the embedded cluster', () => {
  let server: RedisServer;
  let redis: Redis;
  let folder: string;
  const stops: (() => Promise<void>)[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oversoak-enrol-'));
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  after(async () => {
    for (const stop of stops) await stop();
    redis.disconnect();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function plane(redisUrl: string): Promise<ApiAddress> {
    const cluster = await startCluster({ redisUrl, log: silentLog });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000 };
    const app = await assemble(emptyApp(false), options);
    stops.push(async () => {
      await app.close();
      await cluster.close();
    });
    return { url: await app.listen({ host: '127.0.0.1', port: 0 }), token: TOKEN };
  }
  const options = (api: ApiAddress, agentId: string) => ({
    ...{ api, agentId, address: '127.0.0.1', targets: ['127.0.0.0/8'] },
    file: join(folder, `${agentId}.json`),
    signal: new AbortController().signal,
  });

  it('joins, and joins again after a cluster that ended on the same Redis', async () => {
    const api = await plane(server.url);
    for (const generation of [1, 2]) {
      const enrolled = options(api, 'agent-a');
      assert.equal(await enrol(enrolled), null);
      assert.equal(readIdentity(enrolled.file).generation, generation);
    }
  });

  it('waits until an agent of its id is gone, so that it takes the identity of nobody', async () => {
    const api = await plane(server.url);
    await redis.sadd('oversoak:agents', 'agent-b');
    await redis.set(registrationKey('agent-b'), JSON.stringify(registration('agent-b')));
    await redis.set(leaseKey('agent-b'), 'agent-b-1');
    let isGone = false;
    const joining = enrol(options(api, 'agent-b')).then((reason) => {
      assert.ok(isGone, 'it joined while the other was live');
      return reason;
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    isGone = true;
    await redis.del(leaseKey('agent-b'));
    assert.equal(await joining, null);
  });

  it('gets the reason where this Redis cannot have a user for it', async () => {
    await redis.acl('SETUSER', 'limited', 'on', '>pw', '~*', '&*', '+@all', '-acl');
    const limited = server.url.replace('//', '//limited:pw@');
    await assert.rejects(
      plane(limited),
      /agents have joined, but the user .* may not manage users/,
    );
    for (const stop of stops.splice(0)) await stop();
    await redis.flushall();
    const api = await plane(limited);
    const reason = await enrol(options(api, 'agent-c'));
    assert.match(reason ?? '', /may not manage users of this Redis/);
  });
});
