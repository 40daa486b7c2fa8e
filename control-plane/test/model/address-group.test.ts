import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressGroup } from '../../src/model/address-group.ts';

test('an IPv4 address is counted alone, however it is written', () => {
  assert.equal(addressGroup('192.0.2.1'), '192.0.2.1');
  assert.equal(addressGroup('::ffff:192.0.2.1'), '192.0.2.1');
  assert.notEqual(addressGroup('::ffff:192.0.2.2'), '192.0.2.1');
});

test('an IPv6 address is counted with its network of 64 bits', () => {
  assert.equal(addressGroup('2001:db8:0:1::2'), '2001:db8:0:1::/64');
  assert.equal(addressGroup('2001:DB8:0:1:ffff:ffff:ffff:ffff'), '2001:db8:0:1::/64');
  assert.notEqual(addressGroup('2001:db8:0:2::2'), addressGroup('2001:db8:0:1::2'));
  assert.equal(addressGroup('fe80::1%eth0'), addressGroup('fe80::2%eth0'));
  assert.equal(addressGroup('::1'), '0:0:0:0::/64');
});

test('what is no address is counted as it is', () => {
  for (const text of ['', 'agent-a', 'unix']) assert.equal(addressGroup(text), text);
});
