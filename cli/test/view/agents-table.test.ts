import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedAgent } from '@oversoak/contracts';
import colors from 'picocolors';
import { agentsTable } from '../../src/view/agents-table.ts';

const agent: ListedAgent = {
  agentId: 'win-1',
  incarnation: 'one',
  labels: { zone: 'a' },
  slots: 2,
  slotsUsed: 1,
  live: true,
  draining: false,
  advertisedHost: '127.0.0.1',
  allowsFaults: false,
  targets: ['127.0.0.0/8', '10.0.0.7:7777'],
  clientPorts: { budget: 25_408, timeWaitSeconds: 60 },
  environment: {
    hostname: 'win-1',
    cpuModel: 'a CPU',
    memoryBytes: 1,
    nodeVersion: '22.22.2',
    addonVersion: '0.1.0',
    capabilities: {
      platform: 'windows',
      systemVersion: '10.0.19041',
      wineVersion: '8.0',
      cores: 2,
      spinTurnsPerUs: 400,
      notifiers: [
        { name: 'iocp', works: true, reason: null },
        { name: 'async-select', works: false, reason: 'no window' },
      ],
      layouts: ['homo', 'hetero'],
    },
  },
};

test('an agent shows its state, its targets and what it can run', () => {
  const table = agentsTable([agent], colors.createColors(false));
  assert.deepEqual(
    table.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ')),
    [
      'agent | state | slots | labels | faults | targets | platform and notifiers',
      '─'.repeat(table.split('\n')[1]?.length ?? 0),
      'win-1 | live | 1/2 | zone=a | no | 127.0.0.0/8 | Wine 8.0 on Linux: correctness and relative cost, not Windows performance',
      ' | 10.0.0.7:7777 | a CPU, 2 cores, Node 22.22.2',
      ' | iocp, not async-select (no window)',
    ],
  );
});

test('a withdrawn notifier names the failed probe', () => {
  const withdrawn = structuredClone(agent);
  const reason = 'probe at-once-signals-event does not hold: expected: the event is signalled';
  withdrawn.environment.capabilities.notifiers.push({ name: 'event', works: false, reason });
  const table = agentsTable([withdrawn], colors.createColors(false));
  assert.ok(table.includes(`not event (${reason})`), table);
});

test('an agent that allows no target is marked', () => {
  const table = agentsTable([{ ...agent, targets: [] }], colors.createColors(false));
  assert.match(table, /no +– +Wine/);
});

test('the plug-ins that an agent allows are shown with their hashes', () => {
  const sha256 = 'a'.repeat(64);
  const plugins = [{ file: 'xor.so', sha256 }];
  const table = agentsTable([{ ...agent, plugins }], colors.createColors(false));
  assert.match(table, new RegExp(`\\n +plug-in xor\\.so=${sha256}$`));
});

test('a draining agent is marked', () => {
  const draining = { ...agent, draining: true };
  const table = agentsTable([draining, { ...draining, live: false }], colors.createColors(false));
  assert.match(table, /win-1 +live, draining +1\/2/);
  assert.match(table, /win-1 +lost, draining/);
});
