import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environment, linuxEnvironment } from '@oversoak/testing/builders/made-agents';
import { madeResult, targetResult } from '@oversoak/testing/builders/made-figures';
import { platformsOf } from '../../src/comparison/platforms.ts';

const WINE = 'Wine 8.0 on Linux: correctness and relative cost, not Windows performance';

test('a system that server and fleet share is named once', () => {
  const environments = { 'agent-a': environment(), 'agent-b': environment() };
  assert.deepEqual(platformsOf(madeResult({ environments })), [WINE]);
  const linux = { 'agent-a': linuxEnvironment(), 'agent-b': linuxEnvironment() };
  assert.deepEqual(platformsOf(madeResult({ environments: linux })), ['Linux 6.1.0']);
});

test('a server under Wine is labelled as such also under the load of a Linux fleet', () => {
  const environments = { 'agent-a': environment(), 'agent-b': linuxEnvironment() };
  assert.deepEqual(platformsOf(madeResult({ environments })), [
    'fleet: Linux 6.1.0',
    `server: ${WINE}`,
  ]);
});

test('a target has only the platform of the fleet; a run that did not begin has none', () => {
  const environments = { 'agent-b': linuxEnvironment() };
  assert.deepEqual(platformsOf(targetResult({ environments })), ['Linux 6.1.0']);
  assert.deepEqual(platformsOf(madeResult({ environments: {} })), []);
});
