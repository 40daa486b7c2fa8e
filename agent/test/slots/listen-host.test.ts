import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenHost } from '../../src/slots/listen-host.ts';

test('a server listens only on loopback if its agent has a loopback address', () => {
  for (const host of ['127.0.0.1', '127.3.2.1', '::1']) assert.equal(listenHost(host), host);
  // It may be behind an address translation, so it is reached at another address than it binds.
  for (const host of ['10.0.0.7', '203.0.113.1', '126.0.0.1']) {
    assert.equal(listenHost(host), '0.0.0.0');
  }
  for (const host of ['fd00::7', '2001:db8::1']) assert.equal(listenHost(host), '::');
});
