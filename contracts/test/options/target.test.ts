import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allowsTarget,
  DEFAULT_TARGETS,
  readAllowedTarget,
  Target,
  validate,
} from '../../src/index.ts';

test('a target is an IPv4 address, a port and a protocol', () => {
  const sound = { host: '10.0.0.1', port: 7000, protocol: 'echo8' };
  assert.deepEqual(validate(Target, sound), { value: sound });
  for (const [field, value] of [
    ['host', 'localhost'],
    ['host', '10.0.0.256'],
    ['host', '10.0.0'],
    ['host', '010.0.0.1'],
    ['port', 0],
    ['port', 65_536],
    ['protocol', 'http'],
  ] as const) {
    const result = validate(Target, { ...sound, [field]: value });
    assert.ok('problems' in result, String(value));
    assert.deepEqual(
      result.problems.map(({ pointer }) => pointer),
      [`/${field}`],
    );
  }
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
  for (const bad of ['', 'x', '10.0.0.1/33', '10.0.0.1:0', '10.0.0.1:65536', '10.0.0.1 ', '::1']) {
    assert.equal(readAllowedTarget(bad), undefined, bad);
  }
});

test('a target is allowed by the first entry that holds it', () => {
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
  ] as const) {
    assert.equal(allowsTarget(allowed, { host, port }), expected, `${allowed} ${host}:${port}`);
  }
});
