import assert from 'node:assert/strict';
import { it } from 'node:test';
import { environment, madeAgent } from '@oversoak/testing/builders/made-agents';
import { agentCounts, stateOfAgent } from '../../src/telemetry/agent-counts.ts';

const windows = environment();
windows.capabilities.wineVersion = null;
const idle = madeAgent('agent-a');
const busy = madeAgent('agent-b', { environment: windows }, 1);

it('the state of an agent says whether it can get a run', () => {
  for (const [agent, state] of [
    [idle, 'idle'],
    [busy, 'busy'],
    [{ ...busy, draining: true }, 'draining'],
    [{ ...busy, live: false }, 'lost'],
    [{ ...busy, live: false, stopped: true }, 'stopped'],
    // Taken out by somebody before it was ended.
    [{ ...idle, draining: true, live: false }, 'draining'],
  ] as const) {
    assert.equal(stateOfAgent(agent), state);
  }
});

it('agents are counted by state and platform; states without agents count 0', () => {
  const counts = agentCounts([idle, busy, { ...busy, live: false }, { ...busy, live: false }]);
  assert.deepEqual(
    counts.filter(({ count }) => count > 0),
    [
      { state: 'idle', platform: 'wine', count: 1 },
      { state: 'busy', platform: 'windows', count: 1 },
      { state: 'lost', platform: 'windows', count: 2 },
    ],
  );
  assert.equal(counts.length, 15);
});
