import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import { agentQueue, QUEUE_PREFIX } from '@oversoak/contracts';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { JobSigner } from '../../src/queue/job-signer.ts';
import { Queues } from '../../src/queue/queues.ts';

it('the first job for each of many agents asks Redis nothing about itself', async () => {
  const server = await RedisServer.start();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = new JobSigner({ privateKey: async () => privateKey, nowMs: async () => 0 });
  const queues = new Queues({ connection: redis, log: silentLog, signer });
  try {
    const agentIds = Array.from({ length: 20 }, (_, index) => `agent-${index}`);
    await redis.config('RESETSTAT');
    for (const agentId of agentIds) {
      await queues.send(agentId, { kind: 'abort', runId: 'run-1', epoch: 1, reason: 'x' }, 'abort');
    }
    const stats = await redis.info('commandstats');
    assert.doesNotMatch(stats, /cmdstat_info/);
    for (const agentId of agentIds) {
      assert.equal(await redis.llen(`${QUEUE_PREFIX}:${agentQueue(agentId)}:wait`), 1);
    }
  } finally {
    await queues.close();
    redis.disconnect();
    await server.stop();
  }
});
