import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { takeDown } from '../../src/commands/down.ts';
import { showLogs } from '../../src/commands/logs.ts';
import { bringUp } from '../../src/commands/up.ts';
import { SECRETS } from '../../src/stack/secrets.ts';
import { type Answer, FakeDocker } from '../stack/fake-docker.ts';

const UP = { timeout: 60 };
const container = (Service: string, State: string, Health = '') =>
  `${JSON.stringify({ Service, State, Health, ExitCode: 0 })}\n`;
const wholeWayUp: Record<string, Answer> = {
  ps: {},
  'up --no-start': { err: ' redis Pulling \n#7 [agent build 1/2] RUN x\n' },
  'up --detach': { err: ' Container oversoak-redis-1  Healthy\n' },
  'port grafana': { out: '127.0.0.1:3000\n' },
  'port control-plane': { out: '127.0.0.1:7700\n' },
};

async function fake(t: TestContext, answers: Record<string, Answer>): Promise<FakeDocker> {
  const docker = await FakeDocker.make(answers);
  t.after(() => docker.remove());
  return docker;
}

test('up creates the secrets, images and containers, waits, and prints the addresses', async (t) => {
  const docker = await fake(t, wholeWayUp);
  await bringUp(docker.context(), docker.folder, UP);
  assert.deepEqual((await docker.calls()).slice(0, 3), [
    'compose.yaml ps --all --format json',
    'compose.yaml up --no-start',
    'compose.yaml up --detach --no-build --wait --wait-timeout 60',
  ]);
  const env = join(docker.folder, '.env');
  const secrets = parseEnv(await readFile(env, 'utf8'));
  assert.deepEqual(Object.keys(secrets).sort(), SECRETS.toSorted());
  const text = docker.terminal.text();
  assert.match(text, /^Made OVERSOAK_REDIS_PASSWORD, .* in .*\.env\.$/m);
  assert.match(text, /^ {2}redis: pulling\n {2}build \[agent build 1\/2\] RUN x$/m);
  assert.match(text, /^ {2}redis: healthy$/m);
  assert.match(
    text,
    /^Grafana {2}http:\/\/127\.0\.0\.1:3000 .*OVERSOAK_GRAFANA_PASSWORD in .*\.env/m,
  );
  assert.match(text, /^API {6}http:\/\/127\.0\.0\.1:7700 .*OVERSOAK_TOKEN in .*\.env/m);
  for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret ?? ''));

  await bringUp(docker.context(), docker.folder, { ...UP, build: true });
  assert.ok((await docker.calls()).includes('compose.yaml up --no-start --build'));
  assert.deepEqual(parseEnv(await readFile(env, 'utf8')), secrets, 'made once');
});

test('with an address for external agents, the second compose file overrides the first', async (t) => {
  const docker = await fake(t, wholeWayUp);
  await writeFile(join(docker.folder, 'compose.lan.yaml'), 'services: {}\n');
  const both = /^compose\.yaml\+compose\.lan\.yaml /;
  await bringUp(docker.context(), docker.folder, { ...UP, lan: '10.1.2.3' });
  for (const call of await docker.calls()) assert.match(call, both);
  const certificates = join(docker.folder, 'certs');
  const server = new X509Certificate(await readFile(join(certificates, 'server.pem')));
  for (const address of ['10.1.2.3', '127.0.0.1']) assert.ok(server.checkIP(address), address);
  const text = docker.terminal.text();
  assert.match(text, /^Made the authority in .*certs\.$/m);
  assert.match(text, /^API {6}https:\/\/127\.0\.0\.1:7700 /m);
  assert.match(text, /^ {2}export NODE_EXTRA_CA_CERTS=.*ca\.pem$/m);
  // Once set, it stays: the next start must not take the agents' ports away.
  await writeFile(join(docker.folder, '.env'), 'OVERSOAK_LAN_ADDRESS=10.1.2.3\n');
  await bringUp(docker.context(), docker.folder, UP);
  assert.match((await docker.calls()).at(-1) ?? '', both);
});

test('up --linux starts the profile of that name beside those of the settings, and the rest sees every service', async (t) => {
  const docker = await fake(t, wholeWayUp);
  const started = async () =>
    new Set((await docker.profiles()).filter((line) => line.startsWith('up:')));
  await bringUp(docker.context(), docker.folder, UP);
  assert.deepEqual(await started(), new Set(['up: none']));
  await bringUp(docker.context(), docker.folder, { ...UP, linux: true });
  assert.deepEqual(await started(), new Set(['up: none', 'up: linux']));
  await appendFile(join(docker.folder, '.env'), 'COMPOSE_PROFILES=mine\n');
  await bringUp(docker.context(), docker.folder, { ...UP, linux: true });
  assert.deepEqual(await started(), new Set(['up: none', 'up: linux', 'up: mine,linux']));
  const others = (await docker.profiles()).filter((line) => !line.startsWith('up:'));
  assert.ok(others.includes('ps: *') && others.includes('port: *'));
  assert.ok(others.every((line) => line.endsWith(': *')));
});

test('an API that others reach unencrypted is refused before anything is written, unless allowed', async (t) => {
  const docker = await fake(t, wholeWayUp);
  const open = { OVERSOAK_BIND: '10.1.2.3' };
  await assert.rejects(bringUp(docker.context(open), docker.folder, UP), {
    name: 'CannotRun',
    message:
      'OVERSOAK_BIND 10.1.2.3 would publish the API unencrypted: add --lan 10.1.2.3, which makes ' +
      'certificates, or allow it on a network that you trust with OVERSOAK_ALLOW_PLAINTEXT=api',
  });
  assert.ok(!existsSync(join(docker.folder, '.env')));
  const allowed = docker.context({ ...open, OVERSOAK_ALLOW_PLAINTEXT: 'api' });
  await bringUp(allowed, docker.folder, UP);
  assert.ok(existsSync(join(docker.folder, '.env')));
});

test('nothing is written without docker', async (t) => {
  const docker = await fake(t, {
    ps: {
      err: 'Cannot connect to the Docker daemon at unix:///x. Is the daemon running?',
      code: 1,
    },
  });
  const message = /the Docker daemon does not answer/;
  await assert.rejects(bringUp(docker.context(), docker.folder, UP), {
    name: 'CannotRun',
    message,
  });
  const none = docker.context({ PATH: docker.folder });
  await assert.rejects(bringUp(none, docker.folder, UP), {
    message: /^docker is missing: install/,
  });
  assert.ok(!existsSync(join(docker.folder, '.env')));
});

test('if up does not become healthy, it names the unhealthy services', async (t) => {
  const docker = await fake(t, {
    ...wholeWayUp,
    ps: {
      out: container('redis', 'running', 'healthy') + container('tempo', 'running', 'unhealthy'),
    },
    'up --detach': { err: 'container oversoak-tempo-1 is unhealthy\n', code: 1 },
  });
  await assert.rejects(bringUp(docker.context(), docker.folder, UP), {
    name: 'CannotRun',
    message: [
      'docker compose ended with exit code 1; its last lines:',
      '    container oversoak-tempo-1 is unhealthy',
      'Not ready:',
      '  tempo: running, unhealthy (oversoak logs tempo)',
    ].join('\n'),
  });
});

test('Ctrl-C during up waits for docker to end, and lists what exists', async (t) => {
  const docker = await fake(t, {
    ...wholeWayUp,
    ps: { out: container('redis', 'running', 'healthy') + container('tempo', 'created') },
    'up --detach': { held: true, code: 130 },
  });
  const up = bringUp(docker.context(), docker.folder, UP);
  const started = async () => (await docker.calls()).some((call) => call.includes('--detach'));
  while (!(await started())) await delay(20);
  docker.interrupts.abort('SIGINT');
  await docker.release();
  await assert.rejects(up, { name: 'Interrupted', message: 'stopped by SIGINT' });
  assert.equal(
    docker.terminal.errors(),
    'Partly started:\n  redis: running, healthy\n  tempo: created\n' +
      '"oversoak up" continues, "oversoak down" stops it.\n',
  );
});

test('a folder without compose.yaml is refused', async (t) => {
  const docker = await fake(t, {});
  const message = /compose\.yaml is missing: the stack needs a complete checkout/;
  await assert.rejects(bringUp(docker.context(), '/no-such-folder', UP), { message });
});

test('down keeps the stored data, and needs no secret', async (t) => {
  const docker = await fake(t, { down: { err: ' Container oversoak-redis-1  Stopped\n' } });
  await takeDown(docker.context(), docker.folder, {});
  assert.deepEqual(await docker.calls(), ['compose.yaml down --remove-orphans']);
  assert.match(docker.terminal.text(), / {2}redis: stopped\nStopped\. The stored data is kept/);
  assert.ok(!existsSync(join(docker.folder, '.env')));
});

test('down --volumes asks for confirmation, and deletes only after the word', async (t) => {
  const docker = await fake(t, { down: {} });
  const context = docker.context();
  const refused = /nothing was stopped or deleted/;
  for (const answer of ['', 'y', 'yes', null]) {
    context.terminal.ask = async (question) => {
      assert.match(question, /^This deletes all soaks, results and schedules/);
      return answer;
    };
    await assert.rejects(takeDown(context, docker.folder, { volumes: true }), { message: refused });
  }
  context.terminal.ask = null;
  await assert.rejects(takeDown(context, docker.folder, { volumes: true }), {
    message: '--volumes needs --yes without an interactive terminal',
  });
  assert.deepEqual(await docker.calls(), []);

  context.terminal.ask = async () => 'delete';
  await takeDown(context, docker.folder, { volumes: true });
  await takeDown(context, docker.folder, { volumes: true, yes: true });
  const call = 'compose.yaml down --remove-orphans --volumes';
  assert.deepEqual(await docker.calls(), [call, call]);
});

const SERVICES = { 'config --services': { out: 'redis\ngrafana\n' } };

test('logs shows what the services wrote', async (t) => {
  const docker = await fake(t, { ...SERVICES, logs: { out: 'redis-1  | a\nredis-1  | b' } });
  await showLogs(docker.context(), docker.folder, ['redis'], { tail: 5 });
  assert.equal((await docker.calls()).at(-1), 'compose.yaml logs --no-color --tail 5 redis');
  assert.equal(docker.terminal.text(), 'redis-1  | a\nredis-1  | b\n');
});

test('logs of an unknown service names the valid ones', async (t) => {
  const docker = await fake(t, SERVICES);
  await assert.rejects(showLogs(docker.context(), docker.folder, ['reddis'], { tail: 5 }), {
    message: 'there is no service "reddis"; valid: redis, grafana',
  });
});

test('Ctrl-C ends logs --follow without an error', async (t) => {
  const docker = await fake(t, { ...SERVICES, logs: { out: 'a\n', held: true, code: 130 } });
  const following = showLogs(docker.context(), docker.folder, [], { follow: true, tail: 5 });
  while (docker.terminal.text() === '') await delay(20);
  docker.interrupts.abort('SIGINT');
  await docker.release();
  await following;
  assert.equal((await docker.calls()).at(-1), 'compose.yaml logs --no-color --follow --tail 5');
});
