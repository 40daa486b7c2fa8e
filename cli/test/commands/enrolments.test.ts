// The commands of an operator and of an agent's machine, against a real control plane and a real Redis.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AgentIdentity, joinLink } from '@oversoak/contracts';
import { assemble, emptyApp } from '@oversoak/control-plane/app';
import { startCluster } from '@oversoak/control-plane/cluster';
import type { Cluster } from '@oversoak/control-plane/routes/cluster';
import { TOKEN } from '@oversoak/testing/api/fake-api';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { FastifyInstance } from 'fastify';
import { readJoinLink } from '../../src/api/join.ts';
import { runsProgram } from '../runs-program.ts';

describe('the commands of enrolment', () => {
  let server: RedisServer;
  let cluster: Cluster;
  let app: FastifyInstance;
  let url: string;
  let folder: string;
  let oversoak: ReturnType<typeof runsProgram>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oversoak-enrolment-'));
    server = await RedisServer.start();
    const relayedSignals = ['metrics'] as const;
    cluster = await startCluster({ redisUrl: server.url, log: silentLog, relayedSignals });
    app = await assemble(emptyApp(false), { cluster, token: TOKEN, rateLimitPerMinute: 10_000 });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
    oversoak = runsProgram(url);
    // Of a control plane that has just started the API may say that it is overloaded.
    await until('the API answers', async () => (await fetch(`${url}/healthz`)).ok);
  });
  after(async () => {
    await app.close();
    await cluster.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const identityFile = (name: string) => join(folder, `${name}.json`);
  async function joined(agentId: string, ...more: string[]): Promise<string> {
    const made = await oversoak(['agents', 'enrol', agentId, '--address', '127.0.0.1', ...more]);
    assert.equal(made.code, 0, made.err);
    const link = made.out.trim();
    const done = await oversoak(['agent', 'join', link, '--identity', identityFile(agentId)]);
    assert.equal(done.code, 0, done.err);
    return done.out;
  }
  const identityOf = async (name: string) =>
    JSON.parse(await readFile(identityFile(name), 'utf8')) as AgentIdentity;

  it('let a machine join with one command on each side', async () => {
    assert.match((await oversoak(['agents', 'enrolled'])).out, /^No agent has joined/);
    const text = await joined('win-1', '--labels', 'rack=a', '--targets', '10.0.0.0/8:7000');
    assert.match(text, /^Joined as win-1, at 127\.0\.0\.1\.$/m);
    assert.match(text, /may load 10\.0\.0\.0\/8:7000,/);
    assert.match(text, /agent run --identity .*win-1\.json$/m);
    const identity = await identityOf('win-1');
    assert.deepEqual([identity.labels, identity.generation], [{ rack: 'a' }, 1]);
    assert.equal((await stat(identityFile('win-1'))).mode & 0o777, 0o600);
    assert.match(text, /^Telemetry \(metrics\) goes to http:.*\/v1\/otlp\/\.$/m);
    assert.equal(identity.telemetry?.url, `${url}/v1/otlp/`);
    const secrets = [identity.redis.password, identity.telemetry.token];
    assert.deepEqual(
      secrets.filter((secret) => text.includes(secret)),
      [],
    );
    const listed = await oversoak(['agents', 'enrolled']);
    assert.match(listed.out, /win-1 +127\.0\.0\.1 +rack=a +10\.0\.0\.0\/8:7000 +1 /);
  });

  it('print the link alone, and what to do with it beside', async () => {
    const enrol = ['agents', 'enrol', 'win-2', '--address', '127.0.0.1'];
    const made = await oversoak([...enrol, '--join-url', 'http://10.0.0.5:7700']);
    assert.match(made.out, /^http:\/\/10\.0\.0\.5:7700\/#osj_win-2_[A-Za-z0-9_-]{43}\n$/);
    assert.match(
      made.err,
      /machine of win-2, once, within 15 minutes .*\n {2}oversoak agent join LINK/,
    );
  });

  it('refuse what is wrong before a link is used up', async () => {
    for (const [option, value, message] of [
      ['--address', 'localhost', /must be an IPv4 address, or an IPv6 .*, not "localhost"/],
      ['--labels', 'a', /must be "name=value,name=value"/],
      ['--targets', 'x', /must be "address\[\/bits\]\[:port\],\.\.\."/],
      ['--join-url', 'x', /must be an http:\/\/ or https:\/\/ URL/],
    ] as const) {
      const words = ['agents', 'enrol', 'win-3', '--address', '127.0.0.1', option, value];
      assert.match((await oversoak(words)).err, message);
    }
    const none = await oversoak(['agent', 'join', 'http://127.0.0.1/#osj_secret']);
    assert.deepEqual([none.code, none.err.includes('secret')], [2, false]);
    assert.match(none.err, /no join link/);
    const far = joinLink('http://10.0.0.1:7700', { token: 'osj_far_'.padEnd(51, 'x') });
    const unsent = await oversoak(['agent', 'join', far, '--identity', identityFile('far')]);
    assert.deepEqual([unsent.code, existsSync(identityFile('far'))], [2, false]);
    assert.match(unsent.err, /would be sent the token unencrypted: .*OVERSOAK_ALLOW_PLAINTEXT=api/);
    const [, again] = await Promise.all([
      joined('once'),
      oversoak(['agents', 'enrol', 'win-1', '--address', '127.0.0.1']),
    ]);
    assert.match(again.err, /"win-1" is enrolled: rotate its identity, or revoke it first/);
    const nobody = await oversoak(['agent', 'run', '--identity', identityFile('nobody')]);
    assert.equal(nobody.code, 2);
    assert.match(nobody.err, /the identity .*nobody\.json cannot be read: no such file/);
    const used = joinLink(url, { token: 'osj_once_'.padEnd(52, 'x') });
    const refused = await oversoak(['agent', 'join', used, '--identity', identityFile('once')]);
    assert.match(refused.err, /there is no such join token: it works once/);
    assert.equal((await identityOf('once')).agentId, 'once');
    // A file that cannot be made is told before the link is used.
    const nowhere = join(identityFile('win-1'), 'below', 'a-file.json');
    const unwritable = await oversoak(['agent', 'join', used, '--identity', nowhere]);
    assert.match(unwritable.err, /cannot write ".*": .*; the link was not used: --identity FILE/);
    // The identity of another agent stays.
    const other = await oversoak(['agent', 'join', used, '--identity', identityFile('win-1')]);
    assert.match(other.err, /win-1\.json is the identity of win-1; .*--identity FILE/);
  });

  it('rotate and revoke an identity', async () => {
    await joined('turned');
    const before = await identityOf('turned');
    const { out: link } = await oversoak(['agents', 'rotate', 'turned']);
    const again = ['agent', 'join', link.trim(), '--identity', identityFile('turned')];
    assert.equal((await oversoak(again)).code, 0);
    const now = await identityOf('turned');
    assert.deepEqual([before.generation, now.generation], [1, 2]);
    assert.notEqual(now.redis.password, before.redis.password);
    assert.equal((await oversoak(['agents', 'revoke', 'turned'])).out, 'Revoked turned.\n');
    const gone = await oversoak(['agents', 'revoke', 'turned']);
    assert.match(gone.err, /no agent "turned" is enrolled/);
  });

  it('are refused by a file that is none, which stays as it is', async () => {
    await writeFile(identityFile('bad'), '{}', { mode: 0o600 });
    const link = joinLink(url, { token: 'osj_bad_x' });
    const refused = await oversoak(['agent', 'join', link, '--identity', identityFile('bad')]);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /bad\.json is not one/);
    assert.equal(await readFile(identityFile('bad'), 'utf8'), '{}');
  });
});

describe('a join link', () => {
  it('has its token where no server sees it, under any path of the API', () => {
    const token = 'osj_win-1_a-b_c';
    const link = joinLink('https://soak.example/oversoak', { token });
    assert.equal(link, `https://soak.example/oversoak#${token}`);
    const url = 'https://soak.example/oversoak';
    assert.deepEqual(readJoinLink(link), { url, token, authority: undefined });
    const authority = 'A'.repeat(43);
    const named = joinLink(url, { token, authority });
    assert.equal(named, `${link}.${authority}`);
    assert.deepEqual(readJoinLink(named), { url, token, authority });
    assert.throws(() => readJoinLink(named.slice(0, -1)), /no join link/);
  });
});
