import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentsText, needsWine, plannedAgents } from '../../src/cluster/planned-agents.ts';

const platforms = (...planned: Parameters<typeof plannedAgents>) =>
  plannedAgents(...planned).map(({ platform }) => platform);

test('on Linux, servers of Windows are under Wine and every fleet is native', () => {
  assert.deepEqual(plannedAgents('linux', ['windows']), [
    { id: 'agent-a', platform: 'windows' },
    { id: 'agent-b', platform: 'linux' },
  ]);
  assert.deepEqual(platforms('linux', ['linux']), ['linux', 'linux']);
  assert.deepEqual(platforms('linux', ['windows', 'linux']), ['windows', 'linux', 'linux']);
  assert.deepEqual(platforms('linux', []), ['linux', 'linux']);
});

test('on Windows there is Windows alone', () => {
  for (const servers of [['windows'], ['linux'], []] as const) {
    assert.deepEqual(platforms('win32', servers), ['windows', 'windows']);
  }
});

test('Wine is needed for servers of Windows, and only on Linux', () => {
  assert.equal(needsWine('linux', ['linux', 'windows']), true);
  assert.equal(needsWine('linux', ['linux']), false);
  assert.equal(needsWine('linux', []), false);
  assert.equal(needsWine('win32', ['windows']), false);
});

test('the agents in words', () => {
  const text = (...of: Parameters<typeof plannedAgents>) => agentsText(of[0], plannedAgents(...of));
  assert.equal(text('linux', ['windows', 'linux']), 'agents (one under Wine, two on Linux)');
  assert.equal(text('linux', ['linux']), 'agents (two on Linux)');
  assert.equal(text('win32', ['windows']), 'agents (two on Windows)');
});
