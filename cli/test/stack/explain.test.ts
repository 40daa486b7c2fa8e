import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../src/stack/explain.ts';

const cases: [what: string, output: string, expected: RegExp][] = [
  ['no plugin', "docker: 'compose' is not a docker command.", /no Compose plugin.*install Docker/],
  ['an old docker', 'unknown flag: --ansi\nSee docker --help', /\(unknown flag: --ansi\)/],
  [
    'no daemon',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    /daemon does not answer: start it/,
  ],
  [
    'no daemon on Windows',
    'error during connect: Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.50/info": open //./pipe/docker_engine: The system cannot find the file specified.',
    /daemon does not answer: start it/,
  ],
  [
    'no right to the daemon',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied',
    /no permission for the Docker daemon.*group docker/,
  ],
  [
    'a port in use by a container',
    'Error response from daemon: driver failed programming external connectivity on endpoint oversoak-grafana-1: Bind for 127.0.0.1:3000 failed: port is already allocated',
    /^127\.0\.0\.1:3000 is in use.*OVERSOAK_GRAFANA_PORT/,
  ],
  [
    'a port in use by a program',
    'Error starting userland proxy: listen tcp4 127.0.0.1:7700: bind: address already in use',
    /^127\.0\.0\.1:7700 is in use/,
  ],
  [
    'a port that Windows keeps',
    'Ports are not available: exposing port TCP 127.0.0.1:3000 -> 127.0.0.1:0: listen tcp 127.0.0.1:3000: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
    /^127\.0\.0\.1:3000 is in use/,
  ],
  [
    'an address of another machine',
    'listen tcp4 10.1.2.3:6379: bind: cannot assign requested address',
    /does not belong to this machine.*OVERSOAK_LAN_ADDRESS/,
  ],
  [
    'a secret that is missing',
    'error while interpolating services.redis.environment: required variable OVERSOAK_REDIS_PASSWORD is missing a value: is missing; ...',
    /^OVERSOAK_REDIS_PASSWORD is not set: run "oversoak up"/,
  ],
  [
    'a folder that is missing',
    'invalid mount config for type "bind": bind source path does not exist: /x/dashboards/json',
    /^\/x\/dashboards\/json is missing/,
  ],
  ['no space', 'write /var/lib/docker/x: no space left on device', /no space is left/],
];
for (const [what, output, expected] of cases) {
  test(`${what} is reported with a remedy`, () => {
    assert.match(explain({ exitCode: 1, output }), expected);
  });
}

test('a missing docker is reported', () => {
  assert.match(explain({ startError: 'ENOENT', output: '' }), /^docker is missing: install Docker/);
  assert.equal(
    explain({ startError: 'EACCES', output: '' }),
    'docker could not be started (EACCES)',
  );
});

test('an unknown failure is reported with its last lines', () => {
  const output = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('\n');
  const lines = explain({ exitCode: 18, output }).split('\n');
  assert.equal(lines[0], 'docker compose ended with exit code 18; its last lines:');
  assert.deepEqual([lines[1], lines.at(-1)], ['    line 25', '    line 39']);
  assert.equal(explain({ exitCode: null, output: '' }), 'docker compose was ended by a signal');
});
