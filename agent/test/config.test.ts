import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_PEERS, DEFAULT_TARGETS } from '@oversoak/contracts';
import {
  addressProblem,
  idFromHostname,
  type Machine,
  readConfig,
  unreadVariables,
} from '../src/config.ts';

const MACHINE: Machine = {
  hostname: 'GAME_SERVER.Lab',
  addresses: () => [
    { address: '127.0.0.1', family: 'IPv4', internal: true },
    { address: 'fe80::1', family: 'IPv6', internal: false },
    { address: '10.1.2.3', family: 'IPv4', internal: false },
  ],
  tempDir: '/temp',
};

describe('the configuration', () => {
  it('has defaults for everything', () => {
    assert.deepEqual(readConfig({}, MACHINE), {
      redisUrl: 'redis://127.0.0.1:6379',
      redisTransport: {},
      agentId: 'game-server-lab',
      labels: {},
      slots: 1,
      advertisedHost: '10.1.2.3',
      allowsFaults: false,
      targets: DEFAULT_TARGETS,
      peers: DEFAULT_PEERS,
      plugins: [],
      stopOnStdinEnd: false,
      spoolDir: '/temp/oversoak-spool',
      leaseMs: 10_000,
      engine: '@oversoak/native-server',
      metricsRunId: false,
      traceIntervalMs: 10_000,
      slowEchoes: 3,
    });
  });

  it('asks the machine for its addresses only where nothing else says the address', () => {
    const addresses = () => {
      throw new Error('uv_interface_addresses returned Unknown system error 2');
    };
    const machine = { ...MACHINE, addresses };
    const given = readConfig({ OVERSOAK_ADVERTISE_HOST: '127.0.0.1' }, machine);
    assert.equal(given.advertisedHost, '127.0.0.1');
    assert.throws(() => readConfig({}, machine), {
      name: 'SettingsError',
      message:
        /^the addresses of this machine cannot be read \(uv_interface_addresses .* error 2\): give OVERSOAK_ADVERTISE_HOST /,
    });
  });

  it('reads every variable', () => {
    const config = readConfig(
      {
        OVERSOAK_REDIS_URL: 'rediss://:secret@redis:6380/1',
        OVERSOAK_AGENT_ID: 'win-7',
        OVERSOAK_LABELS: 'os=win11, rack=a=b',
        OVERSOAK_SLOTS: '4',
        OVERSOAK_ADVERTISE_HOST: '192.168.0.9',
        OVERSOAK_ALLOW_FAULTS: '1',
        OVERSOAK_TARGETS: '10.0.0.0/8:7000, 192.168.0.9',
        OVERSOAK_PLUGINS: `/plugins/xor.so=${'A0'.repeat(32)}, C:\\p\\own.dll=${'0'.repeat(64)}`,
        OVERSOAK_STOP_ON_STDIN_END: '1',
        OVERSOAK_SPOOL_DIR: '/spool',
        OVERSOAK_LEASE_SECONDS: '60',
        OVERSOAK_ENGINE: '/engine.js',
        OVERSOAK_METRICS_RUN_ID: '1',
        OVERSOAK_TRACE_INTERVAL_SECONDS: '60',
        OVERSOAK_SLOW_ECHOES: '0',
      },
      MACHINE,
    );
    assert.deepEqual(config.labels, { os: 'win11', rack: 'a=b' });
    assert.deepEqual(config.plugins, [
      { path: '/plugins/xor.so', file: 'xor.so', sha256: 'a0'.repeat(32) },
      { path: 'C:\\p\\own.dll', file: 'own.dll', sha256: '0'.repeat(64) },
    ]);
    assert.equal(config.slots, 4);
    assert.equal(config.leaseMs, 60_000);
    assert.equal(config.metricsRunId, true);
    assert.equal(config.traceIntervalMs, 60_000);
    assert.equal(config.slowEchoes, 0);
    assert.equal(config.advertisedHost, '192.168.0.9');
    assert.deepEqual(config.targets, ['10.0.0.0/8:7000', '192.168.0.9']);
    assert.equal(config.allowsFaults && config.stopOnStdinEnd, true);
  });

  it('refuses invalid values by name, all at once', () => {
    const env = {
      OVERSOAK_REDIS_URL: 'http://redis',
      OVERSOAK_AGENT_ID: 'No Spaces',
      OVERSOAK_LABELS: 'site',
      OVERSOAK_SLOTS: '0',
      OVERSOAK_LEASE_SECONDS: '1',
      OVERSOAK_ADVERTISE_HOST: '256.1.1.1',
      OVERSOAK_ALLOW_FAULTS: 'yes',
      OVERSOAK_TARGETS: 'localhost',
      OVERSOAK_PEERS: 'anywhere',
      OVERSOAK_SPOOL_DIR: ' ',
      OVERSOAK_METRICS_RUN_ID: 'true',
      OVERSOAK_TRACE_INTERVAL_SECONDS: '0',
      OVERSOAK_SLOW_ECHOES: '17',
    };
    assert.throws(
      () => readConfig(env, MACHINE),
      (error: Error) => Object.keys(env).every((name) => error.message.includes(name)),
    );
  });

  it('refuses a label that is given twice', () => {
    assert.throws(() => readConfig({ OVERSOAK_LABELS: 'a=1,a=2' }, MACHINE), /"a" twice/);
  });

  it('names an invalid target and the valid form', () => {
    for (const bad of ['game.example', '10.0.0.0/33', '10.0.0.1:0', '10.0.0.1:70000', '::1/129']) {
      assert.throws(
        () => readConfig({ OVERSOAK_TARGETS: `127.0.0.1,${bad}` }, MACHINE),
        ({ message }: Error) =>
          message.startsWith('OVERSOAK_TARGETS must be "address[/bits][:port]') &&
          message.endsWith(`not "${bad}"`),
      );
    }
    assert.deepEqual(readConfig({ OVERSOAK_TARGETS: '' }, MACHINE).targets, []);
    const sixth = readConfig({ OVERSOAK_TARGETS: '[fd00::]/8:80,::1' }, MACHINE);
    assert.deepEqual(sixth.targets, ['[fd00::]/8:80', '::1']);
  });

  it('takes an address of IPv6 for its servers, and names the valid ones', () => {
    const env = { OVERSOAK_ADVERTISE_HOST: 'fd00::7' };
    assert.equal(readConfig(env, MACHINE).advertisedHost, 'fd00::7');
    for (const bad of ['[fd00::7]', 'fe80::1%eth0', 'game.example']) {
      assert.throws(() => readConfig({ OVERSOAK_ADVERTISE_HOST: bad }, MACHINE), {
        message: `OVERSOAK_ADVERTISE_HOST must be an IPv4 address, or an IPv6 address without brackets and zone, not "${bad}"`,
      });
    }
  });

  it('derives an id from any machine name', () => {
    assert.equal(idFromHostname('DESKTOP-4F'), 'desktop-4f');
    assert.equal(idFromHostname('7-zwerge-'), 'zwerge');
    assert.match(idFromHostname('한국'), /^agent-[0-9a-f]{8}$/);
  });

  it('warns about an address for its servers that fleets do not load by default', () => {
    const problem = (env: Record<string, string>, addresses = MACHINE.addresses()) =>
      addressProblem(readConfig(env, { ...MACHINE, addresses: () => addresses }));
    assert.equal(problem({}), null);
    assert.equal(problem({}, []), null, 'loopback');
    assert.equal(problem({ OVERSOAK_ADVERTISE_HOST: 'fd00::7' }), null);
    const outside = [{ address: '192.0.2.2', family: 'IPv4', internal: false }] as const;
    assert.match(
      problem({}, outside) ?? '',
      /at 192\.0\.2\.2, which its own OVERSOAK_PEERS does not allow: .* Give OVERSOAK_ADVERTISE_HOST an/,
    );
    // The ports of servers are free ones, so a list of ports says nothing against the address.
    for (const peers of ['0.0.0.0/0', '192.0.2.2:7000', '127.0.0.1,192.0.2.0/24']) {
      assert.equal(problem({ OVERSOAK_PEERS: peers }, outside), null, peers);
    }
    assert.match(problem({ OVERSOAK_PEERS: '192.0.3.0/24' }) ?? '', /at 10\.1\.2\.3, which/);
  });

  it('warns about variables that it does not read', () => {
    const env = { OVERSOAK_LABEL: 'a=b', OVERSOAK_SLOTS: '1', PATH: '/bin' };
    assert.deepEqual(unreadVariables(env), ['OVERSOAK_LABEL']);
  });
});
