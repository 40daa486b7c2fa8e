import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { leaseKey } from '@oversoak/contracts';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { Redis } from 'ioredis';

const program = (name: string) => join(REPOSITORY, `agent/dist/src/${name}.js`);
const spoolDir = mkdtempSync(join(tmpdir(), 'oversoak-test-serve-'));
let server: RedisServer;
let redis: Redis;

before(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.url);
});
after(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(spoolDir, { recursive: true, force: true });
});

function run(name: string, env: Record<string, string>): ChildProcess {
  const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };
  return spawn(process.execPath, [program(name)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, OVERSOAK_REDIS_URL: server.url, OVERSOAK_AGENT_ID: 'served', ...env },
  });
}

async function healthCheck(env: Record<string, string> = {}): Promise<[unknown, string]> {
  const child = run('health-check', env);
  assert.ok(child.stderr);
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return [code, said];
}

// An agent that ends before it says a word would otherwise be waited for without end.
const bound = { timeout: 180_000 };

test(
  'an agent under Wine is healthy while it serves, and SIGTERM ends it in order',
  bound,
  async () => {
    const [code, said] = await healthCheck();
    assert.equal(code, 1);
    assert.match(said, /no agent "served" holds its lease/);

    const agent = run('wine/serve', { OVERSOAK_ENGINE: DRY_ENGINE, OVERSOAK_SPOOL_DIR: spoolDir });
    assert.ok(agent.stdout && agent.stderr);
    const log = text(agent.stderr);
    const [line] = await once(createInterface(agent.stdout), 'line');
    assert.equal(line, '{"registered":"served"}');
    assert.deepEqual(await healthCheck(), [0, '']);

    agent.kill('SIGTERM');
    assert.deepEqual(await once(agent, 'exit'), [0, null], await log);
    assert.equal(await redis.exists(leaseKey('served')), 0, 'the lease was given back');
    assert.match(await log, /"stopped"/);
  },
);

test('a health check reports that Redis is unavailable', async () => {
  const [code, said] = await healthCheck({ OVERSOAK_REDIS_URL: 'redis://127.0.0.1:1' });
  assert.equal(code, 1);
  assert.match(said, /Redis/);
});
