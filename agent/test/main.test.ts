import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { leaseKey } from '@oversoak/contracts';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { Redis } from 'ioredis';

const MAIN = join(REPOSITORY, 'agent/dist/src/main.js');

describe('the agent process', () => {
  let server: RedisServer;
  let redis: Redis;
  const spoolDir = mkdtempSync(join(tmpdir(), 'oversoak-test-main-'));

  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
    rmSync(spoolDir, { recursive: true, force: true });
  });

  const run = (env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [MAIN], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        OVERSOAK_REDIS_URL: server.url,
        OVERSOAK_ENGINE: DRY_ENGINE,
        OVERSOAK_SPOOL_DIR: spoolDir,
        ...env,
      },
    });

  async function firstLine(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new Error('no stdout');
    const [line] = await once(createInterface(child.stdout), 'line');
    return line;
  }

  it('reports that it is registered, and stops when its stdin ends', async () => {
    const child = run({ OVERSOAK_AGENT_ID: 'stdin', OVERSOAK_STOP_ON_STDIN_END: '1' });
    assert.equal(await firstLine(child), '{"registered":"stdin"}');
    assert.ok(await redis.exists(leaseKey('stdin')));
    child.stdin?.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(await redis.exists(leaseKey('stdin')), 0);
  });

  it('stops on SIGTERM, and ignores the end of stdin by default', async () => {
    const child = run({ OVERSOAK_AGENT_ID: 'signal' });
    child.stdin?.end();
    await firstLine(child);
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.equal(await redis.exists(leaseKey('signal')), 0);
  });

  it('stops with code 1 when another agent takes its id', async () => {
    const child = run({ OVERSOAK_AGENT_ID: 'taken' });
    await firstLine(child);
    await redis.set(leaseKey('taken'), 'other', 'PX', 60_000);
    assert.deepEqual(await once(child, 'exit'), [1, null]);
    assert.equal(await redis.get(leaseKey('taken')), 'other');
  });

  it('warns before it registers with an address that fleets refuse by default', async () => {
    const child = run({ OVERSOAK_AGENT_ID: 'outside', OVERSOAK_ADVERTISE_HOST: '192.0.2.2' });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    assert.equal(await firstLine(child), '{"registered":"outside"}');
    child.kill('SIGTERM');
    await once(child, 'close');
    assert.match(
      Buffer.concat(said).toString(),
      /"warn","message":"fleets reach the servers of this agent at 192\.0\.2\.2, which its own OVERSOAK_PEERS does not allow/,
    );
  });

  it('refuses an invalid configuration by name', async () => {
    const child = run({ OVERSOAK_SLOTS: 'many' });
    const said: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(Buffer.concat(said).toString(), /OVERSOAK_SLOTS must be a whole number/);
  });
});
