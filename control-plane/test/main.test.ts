import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { startReceiver } from '@oversoak/testing/otlp/index';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';

const MAIN = `${REPOSITORY}control-plane/dist/src/main.js`;
const TOKEN = 'a-token-of-the-tests-of-oversoak';

describe('the process', () => {
  let redis: RedisServer;

  before(async () => {
    redis = await RedisServer.start();
  });
  after(() => redis.stop());

  const start = (env: Record<string, string>) =>
    spawn(process.execPath, [MAIN], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        OVERSOAK_REDIS_URL: redis.url,
        OVERSOAK_PORT: '0',
        OVERSOAK_TOKEN: TOKEN,
        OVERSOAK_LOG_LEVEL: 'error',
        ...env,
      },
    });
  const listening = async (child: ChildProcess): Promise<string> => {
    assert.ok(child.stdout !== null);
    for await (const line of createInterface(child.stdout)) return JSON.parse(line).listening;
    throw new Error('the process ended without a word');
  };
  const said = async (child: ChildProcess): Promise<string> => {
    assert.ok(child.stderr !== null);
    return (await child.stderr.toArray()).join('');
  };

  it('prints its address in one line, serves, and exits when its standard input ends', async () => {
    const child = start({ OVERSOAK_STOP_ON_STDIN_END: '1' });
    const exited = once(child, 'exit');
    const url = await listening(child);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    const soaks = await fetch(`${url}/v1/soaks`, { headers: { authorization: `Bearer ${TOKEN}` } });
    assert.deepEqual(await soaks.json(), { soaks: [], nextCursor: null });
    child.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
  });

  it('exits when its standard input ends, also while it waits for Redis', async () => {
    const nobody = 'redis://127.0.0.1:1';
    const child = start({ OVERSOAK_REDIS_URL: nobody, OVERSOAK_STOP_ON_STDIN_END: '1' });
    const exited = once(child, 'exit');
    assert.ok(child.stderr !== null);
    const [said] = await once(child.stderr, 'data');
    assert.match(String(said), /Redis connection error/);
    child.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
  });

  it('ends in an orderly way on SIGTERM', { skip: process.platform === 'win32' }, async () => {
    const child = start({});
    const exited = once(child, 'exit');
    await listening(child);
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });

  it('sends its telemetry, the last of it when it ends', async () => {
    const receiver = await startReceiver();
    const child = start({
      OVERSOAK_STOP_ON_STDIN_END: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const exited = once(child, 'exit');
    const url = await listening(child);
    await fetch(`${url}/v1/soaks`, { headers: { authorization: `Bearer ${TOKEN}` } });
    child.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
    const [span] = receiver.spans;
    assert.equal(span?.name, 'GET /v1/soaks');
    assert.equal(span?.resource['service.name'], 'oversoak-control-plane');
    await receiver.close();
  });

  it('serves and ends in time with a receiver that never answers', async () => {
    const receiver = await startReceiver('hang');
    const child = start({
      OVERSOAK_STOP_ON_STDIN_END: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const exited = once(child, 'exit');
    const url = await listening(child);
    const soaks = await fetch(`${url}/v1/soaks`, { headers: { authorization: `Bearer ${TOKEN}` } });
    assert.equal(soaks.status, 200);
    child.stdin?.end();
    assert.deepEqual(await exited, [0, null]);
    assert.ok(receiver.requests > 0);
    await receiver.close();
  });

  it('refuses a Redis that may evict, and says which setting it is', async () => {
    const evicting = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
    const child = start({ OVERSOAK_REDIS_URL: evicting.url });
    const exited = once(child, 'exit');
    assert.match(await said(child), /maxmemory-policy is "allkeys-lru"/);
    assert.deepEqual(await exited, [1, null]);
    await evicting.stop();
  });

  for (const [env, line] of [
    [{ OVERSOAK_TOKEN: 'short' }, 'OVERSOAK_TOKEN must be at least 32 characters long, not 5'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'tempo' },
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL, not "tempo"',
    ],
  ] as const) {
    it(`refuses a bad ${Object.keys(env)[0]} in one line`, async () => {
      const child = start(env);
      const exited = once(child, 'exit');
      assert.equal(await said(child), `${line}\n`);
      assert.deepEqual(await exited, [1, null]);
    });
  }
});
