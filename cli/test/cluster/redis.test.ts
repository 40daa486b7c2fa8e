import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Child } from '../../src/cluster/child.ts';
import { REDIS_USER, redisConfiguration, startRedis } from '../../src/cluster/redis.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-redis-'));
after(() => rm(folder, { recursive: true }));

/** Sends inline commands and answers what came back until the connection ends. */
async function ask(port: number, ...commands: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  socket.end([...commands, 'QUIT', ''].join('\r\n'));
  return (await socket.toArray()).join('');
}

test('two private Redis servers are separate, persist their data, and stop', async () => {
  const children: Child[] = [];
  const servers = await Promise.all(
    ['a', 'b'].map((name) =>
      startRedis({
        folder: join(folder, name),
        environment: process.env,
        signal: new AbortController().signal,
        started: (child) => children.push(child),
      }),
    ),
  );
  try {
    const [a, b] = servers.map(({ url }) => new URL(url));
    assert.ok(a && b);
    assert.notEqual(a.port, b.port);
    assert.match(await ask(Number(a.port), 'PING'), /NOAUTH/);
    for (const auth of [`AUTH ${a.password}`, `AUTH ${REDIS_USER} ${b.password}`]) {
      assert.match(await ask(Number(a.port), auth, 'PING'), /WRONGPASS/);
    }
    const settings = await ask(
      Number(a.port),
      `AUTH ${a.username} ${a.password}`,
      'CONFIG GET maxmemory-policy',
      'CONFIG GET appendonly',
      'CONFIG GET bind',
    );
    assert.match(settings, /noeviction[\s\S]*yes[\s\S]*127\.0\.0\.1/);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
  for (const { url } of servers) {
    await assert.rejects(ask(Number(new URL(url).port), 'PING'), /ECONNREFUSED/);
  }
});

test('a folder name with a space or a quote is quoted for Redis', () => {
  assert.match(redisConfiguration(1, 'x', '/tmp/a "b" c'), /^dir "\/tmp\/a \\"b\\" c"$/m);
});

test('the configuration holds the password, so nobody else may read it', async () => {
  const file = join(folder, 'a', 'redis.conf');
  assert.match(await readFile(file, 'utf8'), /^user oversoak on >[0-9a-f]{48} /m);
  assert.equal((await stat(file)).mode & 0o077, 0);
});
