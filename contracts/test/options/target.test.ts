import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allowsAddress,
  allowsTarget,
  DEFAULT_PEERS,
  DEFAULT_TARGETS,
  endpointText,
  mayAllowTarget,
  readAllowedTarget,
  Target,
  targetProblems,
  validate,
} from '../../src/index.ts';

test('a target is a host, a port and a protocol', () => {
  const sound = { host: '10.0.0.1', port: 7000, protocol: 'echo8' };
  assert.deepEqual(validate(Target, sound), { value: sound });
  for (const [field, value] of [
    ['host', ''],
    ['host', 'a'.repeat(254)],
    ['port', 0],
    ['port', 65_536],
    ['protocol', 'http'],
  ] as const) {
    const result = validate(Target, { ...sound, [field]: value });
    assert.ok('problems' in result, String(value));
    // Both kinds of protocols report that it is not theirs.
    const pointers = new Set(result.problems.map(({ pointer }) => pointer));
    assert.deepEqual([...pointers], [`/${field}`]);
  }
});

test('a host is an address of either family or a name, and told as such otherwise', () => {
  const valid = ['10.0.0.1', '::1', 'fd00::a:1', '::ffff:10.0.0.1', 'localhost', 'GAME-1.example.'];
  for (const host of [...valid, 'game_1.corp', '1server']) {
    assert.deepEqual(targetProblems({ host }), [], host);
  }
  // Resolvers read the numbers as addresses: 010.0.0.1 as 8.0.0.1, 0x7f000001 as 127.0.0.1.
  const numbers = ['10.0.0.256', '10.0.0', '010.0.0.1', '2130706433', '0x7f000001', 'game.7'];
  const others = ['[::1]', 'fe80::1%eth0', 'fd00::x', 'a b', '-a', 'a..b', 'http://a', 'a:80', '.'];
  for (const host of [...numbers, ...others]) {
    const [problem, ...more] = targetProblems({ host });
    assert.deepEqual(more, []);
    assert.equal(problem?.pointer, '/host');
    assert.ok(problem.detail.startsWith('must be an IPv4 address, an IPv6 address'), host);
    assert.ok(problem.detail.endsWith(`it is "${host}"`));
  }
});

test('an endpoint of IPv6 has its address in brackets', () => {
  assert.equal(endpointText({ host: '10.0.0.1', port: 80 }), '10.0.0.1:80');
  assert.equal(endpointText({ host: 'game.example', port: 80 }), 'game.example:80');
  assert.equal(endpointText({ host: 'fd00::1', port: 80 }), '[fd00::1]:80');
});

test('an allowed target is an address, a range of them, and a port or all ports', () => {
  assert.deepEqual(readAllowedTarget('10.0.0.1'), {
    address: '10.0.0.1',
    bits: 32,
    port: undefined,
  });
  assert.deepEqual(readAllowedTarget('10.0.0.0/8:80'), { address: '10.0.0.0', bits: 8, port: 80 });
  assert.deepEqual(readAllowedTarget('0.0.0.0/0'), {
    address: '0.0.0.0',
    bits: 0,
    port: undefined,
  });
  const loopback = { address: '::1', bits: 128, port: undefined };
  assert.deepEqual(readAllowedTarget('::1'), loopback);
  assert.deepEqual(readAllowedTarget('[::1]'), loopback);
  assert.deepEqual(readAllowedTarget('[::1]:80'), { ...loopback, port: 80 });
  assert.deepEqual(readAllowedTarget('fd00::/8'), { address: 'fd00::', bits: 8, port: undefined });
  assert.deepEqual(readAllowedTarget('[fd00::]/8:80'), { address: 'fd00::', bits: 8, port: 80 });
  const bad4 = ['', 'x', '10.0.0.1/33', '10.0.0.1:0', '10.0.0.1:65536', '10.0.0.1 ', '10.0.0.256'];
  const bad6 = ['::1/129', '[::1]:0', '[::1', '::1]', '[10.0.0.1]x', 'fe80::1%eth0', 'localhost'];
  for (const bad of [...bad4, ...bad6]) assert.equal(readAllowedTarget(bad), undefined, bad);
});

test('a target is allowed by the first entry that matches it', () => {
  for (const [allowed, host, port, expected] of [
    [[], '127.0.0.1', 80, false],
    [['10.0.0.1'], '10.0.0.1', 80, true],
    [['10.0.0.1'], '10.0.0.2', 80, false],
    [['10.0.0.1:80'], '10.0.0.1', 80, true],
    [['10.0.0.1:80'], '10.0.0.1', 81, false],
    [['10.1.0.0/16'], '10.1.255.255', 80, true],
    [['10.1.0.0/16'], '10.2.0.0', 80, false],
    [['10.1.2.3/16:7'], '10.1.9.9', 7, true],
    [['10.0.0.1:80', '0.0.0.0/0:7'], '8.8.8.8', 7, true],
    [['nonsense'], '127.0.0.1', 80, false],
    [DEFAULT_TARGETS, '127.255.0.1', 80, true],
    [DEFAULT_TARGETS, '128.0.0.1', 80, false],
    [DEFAULT_TARGETS, '::1', 80, true],
    [DEFAULT_TARGETS, '::2', 80, false],
    [DEFAULT_PEERS, 'fd12::1', 80, true],
    [DEFAULT_PEERS, '2001:db8::1', 80, false],
    [['fd00::/8'], 'fdff::1', 80, true],
    [['fd00::/8'], 'fe00::1', 80, false],
    [['[fd00::]/8:80'], 'fd00::1', 81, false],
    [['::/0'], '10.0.0.1', 80, false],
    [['0.0.0.0/0'], 'fd00::1', 80, false],
    // The same machine, whichever way it is written.
    [['127.0.0.0/8'], '::ffff:127.0.0.1', 80, true],
    [['127.0.0.0/8'], '::ffff:10.0.0.1', 80, false],
    // Only an address is held against the list.
    [['0.0.0.0/0', '::/0'], 'localhost', 80, false],
    [['fe80::/10'], 'fe80::1%eth0', 80, false],
  ] as const) {
    assert.equal(allowsTarget(allowed, { host, port }), expected, `${allowed} ${host}:${port}`);
  }
});

test('of a name the list decides the port alone, until the name is resolved', () => {
  for (const [allowed, host, port, expected] of [
    [['10.0.0.1'], 'game.example', 80, true],
    [['10.0.0.1:80'], 'game.example', 80, true],
    [['10.0.0.1:80'], 'game.example', 81, false],
    [[], 'game.example', 80, false],
    [['10.0.0.1:80'], '10.0.0.2', 80, false],
  ] as const) {
    assert.equal(mayAllowTarget(allowed, { host, port }), expected, `${allowed} ${host}:${port}`);
  }
});

test('an address is allowed where some port of it is', () => {
  for (const [list, host, isAllowed] of [
    ['10.0.0.0/8:7000', '10.1.2.3', true],
    ['10.0.0.0/8:7000', '11.1.2.3', false],
    ['::/0', '10.1.2.3', false],
    ['fc00::/7', 'fd00::7', true],
    ['0.0.0.0/0', 'game.example', false],
  ] as const) {
    assert.equal(allowsAddress([list], host), isAllowed, `${list} ${host}`);
  }
  assert.equal(allowsAddress([], '10.1.2.3'), false);
});
