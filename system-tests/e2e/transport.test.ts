// What crosses a network: Redis and the API with TLS, as `oversoak up --lan` configures them, and a
// Redis behind Sentinel, whose master dies in the middle of a run.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { OTLP_PATH } from '@oversoak/contracts';
import { startReceiver } from '@oversoak/testing/otlp/index';
import getPort from 'get-port';
import { Redis } from 'ioredis';
import { ApiClient } from 'oversoak/api/client';
import { CERTIFICATE_FILES, ensureCertificates } from 'oversoak/certs/certificate-folder';
import { EXIT } from 'oversoak/shell/exit-code';
import { STACK_FOLDER } from 'oversoak/stack/stack';
import { specFile } from './commands.ts';
import { Oversoak, until } from './demo-process.ts';
import { LinuxCluster } from './linux-cluster.ts';

const PASSWORD = 'aPasswordOfTheTests';
/** Redis itself asks for none, and the identity of an agent that joined has no other than its own. */
const SENTINEL_PASSWORD = 'aPasswordOfTheSentinel';
const SOAK = {
  matrix: { notifier: ['epoll'], sessions: [10] },
  workload: { ratePerSecond: 200, overSend: 4 },
  phases: { rampUpSeconds: 0.2, warmUpSeconds: 0.5, measureSeconds: 2, drainSeconds: 1 },
};

/** The user in Redis of the agent that joins. */
const JOINED = 'oversoak-agent-agent-a.1';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oversoak-transport-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts a server of Redis' package, which ends with the test, and waits for what it says. */
async function redis(t: TestContext, ready: RegExp, ...words: string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder });
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });
  const said: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    said.push(line);
    if (!ready.test(line)) continue;
    child.stdout.resume();
    return child;
  }
  throw new Error(`redis-server ended:\n${said.join('\n')}`);
}

/** The stack's own configuration of Redis with TLS, at a port of this machine; its plain port is off. */
async function stackRedis(t: TestContext, port: number): Promise<void> {
  const text = async (file: string) => readFile(join(STACK_FOLDER, 'deploy/redis', file), 'utf8');
  const file = join(folder, 'redis.conf');
  const whole = [await text('redis.conf'), 'port 0', await text('tls.conf')].join('\n');
  const here = whole
    .replace('dir /data', `dir ${folder}`)
    .replace('tls-port 6380', `tls-port ${port}`)
    .replaceAll('/etc/oversoak', folder);
  await writeFile(file, `${here}\nrequirepass ${PASSWORD}\n`);
  await redis(t, /Ready to accept connections/, file);
}

test('with certificates, agents, control plane and command speak TLS only', async (t) => {
  await ensureCertificates(folder, { hosts: ['localhost', '127.0.0.1'], nowMs: Date.now() });
  const port = await getPort({ host: '127.0.0.1' });
  await stackRedis(t, port);
  const { authority, server } = CERTIFICATE_FILES;
  const ca = join(folder, authority.cert);
  const apiSettings = {
    OVERSOAK_TLS_CERT: join(folder, server.cert),
    OVERSOAK_TLS_KEY: join(folder, server.key),
  };
  // The receiver is the control plane's: agents know its address, and a token, and nothing else.
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  const often = { OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_BSP_SCHEDULE_DELAY: '200' };
  // This process enrols them; they themselves have no variable that names an authority.
  const known = getCACertificates('default');
  setDefaultCACertificates([...known, await readFile(ca, 'utf8')]);
  t.after(() => setDefaultCACertificates(known));
  const cluster = await LinuxCluster.start(
    `rediss://:${PASSWORD}@127.0.0.1:${port}`,
    {
      plane: {
        ...apiSettings,
        OVERSOAK_REDIS_CA: ca,
        OVERSOAK_AGENTS_CA: ca,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      },
      agents: often,
    },
    ['agent-a', 'agent-b'],
  );
  t.after(() => cluster.stop());
  assert.match(cluster.address.url, /^https:/);

  const environment = {
    OVERSOAK_URL: cluster.address.url,
    OVERSOAK_TOKEN: cluster.address.token,
    NODE_EXTRA_CA_CERTS: ca,
  };
  const file = await specFile(t, { name: 'encrypted', ...SOAK });
  const command = await Oversoak.runIn(environment, 'submit', file, '--watch');
  t.after(() => command.clearAway());
  assert.equal(await command.exitCode(), EXIT.passed, command.output);

  for (const agentId of ['agent-a', 'agent-b']) {
    const isOwn = ({ resource }: { resource: Record<string, unknown> }) =>
      resource['service.instance.id'] === agentId;
    await until(
      async () => receiver.spans.some(isOwn) && receiver.points.some(isOwn),
      `the telemetry of ${agentId}`,
    );
  }
  assert.deepEqual(receiver.faults, []);
  const unknown = await fetch(new URL(`${OTLP_PATH}v1/traces`, cluster.address.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  assert.equal(unknown.status, 401);

  // One command on each side, without a file that anybody copies.
  const enrolment = ['agents', 'enrol', 'agent-c', '--address', '127.0.0.1'];
  const enrolled = await Oversoak.runIn(environment, ...enrolment);
  t.after(() => enrolled.clearAway());
  assert.equal(await enrolled.exitCode(), EXIT.passed, enrolled.output);
  const [link = ''] = /https:\S+#osj_agent-c_\S+/.exec(enrolled.output) ?? [];
  const identity = join(folder, 'agent-c.json');
  const joined = await Oversoak.runIn({}, 'agent', 'join', link, '--identity', identity);
  t.after(() => joined.clearAway());
  assert.equal(await joined.exitCode(), EXIT.passed, joined.output);
  assert.match(joined.output, /Telemetry \(traces, metrics\) goes to https:/);

  // Nobody gets in with plain text, or with an authority that did not sign.
  const plain = await fetch(cluster.address.url.replace('https:', 'http:')).catch(String);
  assert.match(String(plain), /fetch failed/);
  const { NODE_EXTRA_CA_CERTS: _, ...unaware } = environment;
  const refused = await Oversoak.runIn(unaware, 'soaks');
  t.after(() => refused.clearAway());
  assert.equal(await refused.exitCode(), EXIT.noVerdict, refused.output);
  assert.match(refused.output, /certificate/);
});

test('when the master behind Sentinel dies in a run, control plane and agents go to the next, with their identities', async (t) => {
  const [master, replica, sentinel] = [
    await getPort({ host: '127.0.0.1' }),
    await getPort({ host: '127.0.0.1' }),
    await getPort({ host: '127.0.0.1' }),
  ];
  const data = (port: number, ...more: string[]) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    ...['--repl-diskless-sync-delay', '0', ...more],
  ];
  const first = await redis(t, /Ready to accept connections/, ...data(master));
  await redis(
    t,
    /Finished with success/,
    ...data(replica, '--replicaof', '127.0.0.1', `${master}`),
  );
  const file = join(folder, 'sentinel.conf');
  const conf = [
    `port ${sentinel}`,
    'bind 127.0.0.1',
    `requirepass ${SENTINEL_PASSWORD}`,
    `sentinel monitor mymaster 127.0.0.1 ${master} 1`,
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 5000',
  ];
  await writeFile(file, conf.join('\n'));
  await redis(t, /\+monitor master/, file, '--sentinel');
  const asked = new Redis(sentinel, '127.0.0.1', { password: SENTINEL_PASSWORD });
  t.after(() => asked.disconnect());
  await until(async () => {
    const replicas = (await asked.call('SENTINEL', 'REPLICAS', 'mymaster')) as unknown[];
    return replicas.length === 1;
  }, 'the sentinel to know the replica');

  const settings = {
    OVERSOAK_REDIS_SENTINELS: `127.0.0.1:${sentinel}`,
    OVERSOAK_REDIS_SENTINEL_PASSWORD: SENTINEL_PASSWORD,
  };
  const both = { plane: settings, agents: settings };
  const cluster = await LinuxCluster.start('redis://mymaster', both, ['agent-a']);
  t.after(() => cluster.stop());
  const client = new ApiClient(cluster.address);
  const spec = (name: string, measureSeconds: number) => ({
    text: JSON.stringify({ name, ...SOAK, phases: { ...SOAK.phases, measureSeconds } }),
    contentType: 'application/json' as const,
  });
  // Redis replicates no user: the next master has none of the agent that joined.
  const usersOf = async (port: number) => {
    const redis = new Redis(port, '127.0.0.1');
    const users = (await redis.acl('USERS')) as string[];
    redis.disconnect();
    return users.sort();
  };
  assert.deepEqual(await usersOf(master), ['default', JOINED]);
  assert.deepEqual(await usersOf(replica), ['default']);
  const before = await client.submit(spec('before', 12));
  const stateOf = async (soakId: string) => (await client.soak(soakId)).runs[0]?.state;
  await until(
    async () => (await stateOf(before.soakId)) === 'measuring',
    'the run to be under way',
  );
  first.kill('SIGKILL');
  await once(first, 'exit');
  await until(async () => {
    const [, port] = (await asked.call(
      'SENTINEL',
      'GET-MASTER-ADDR-BY-NAME',
      'mymaster',
    )) as string[];
    return Number(port) === replica;
  }, 'the replica to be the master');

  const done = (soakId: string) =>
    until(async () => (await client.soak(soakId).catch(() => null))?.state === 'done', 'its end');
  await done(before.soakId);
  // Nothing of the run is lost where the replica had it all; an agent that the failover kept from
  // renewing its lease would make it inconclusive, but never failed.
  const { verdict } = await client.soak(before.soakId);
  t.diagnostic(`the run of the failover: ${verdict}`);
  assert.ok(verdict === 'passed' || verdict === 'inconclusive', String(verdict));

  assert.deepEqual(await usersOf(replica), ['default', JOINED]);
  const after = await client.submit(spec('after', 2));
  await done(after.soakId);
  assert.equal((await client.soak(after.soakId)).verdict, 'passed');
});
