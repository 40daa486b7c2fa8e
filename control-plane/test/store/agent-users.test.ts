import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { it } from 'node:test';
import { leaseKey } from '@oversoak/contracts';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { userOf } from '../../src/model/agent-rights.ts';
import { AgentUsers } from '../../src/store/agent-users.ts';
import { Enrolments } from '../../src/store/enrolments.ts';
import { connect } from '../../src/store/redis.ts';

it('an agent selects the database of the control plane, and no other', async () => {
  const server = await RedisServer.start();
  const url = `${server.url}/2`;
  const redis = connect(url);
  const sha256 = createHash('sha256').update('secret').digest('hex');
  const enrolment = {
    ...{ agentId: 'win-1', address: '127.0.0.1', labels: {}, targets: [] },
    ...{ generation: 1, joinedAtMs: 0, sha256 },
  };
  await new AgentUsers(redis, new Enrolments(redis), silentLog).write(enrolment);
  const who = { username: userOf(enrolment), password: 'secret', disableClientInfo: true };
  const agent = new Redis(url, { ...who, maxRetriesPerRequest: null });
  try {
    await agent.set(leaseKey('win-1'), 'x');
    assert.equal(await redis.get(leaseKey('win-1')), 'x');
    for (const database of [0, 1]) {
      await assert.rejects(agent.select(database), /NOPERM/);
      const script = `return redis.call('select', ${database})`;
      // Redis 7 and Redis 8.
      await assert.rejects(agent.eval(script, 0), /can't run|has no permissions to run/);
    }
    await agent.select(2);
  } finally {
    agent.disconnect();
    redis.disconnect();
    await server.stop();
  }
});
