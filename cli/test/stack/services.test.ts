import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notReadyLines, readServices } from '../../src/stack/services.ts';

const container = (Service: string, State: string, Health = '', ExitCode = 0) =>
  JSON.stringify({ Name: `oversoak-${Service}-1`, Service, State, Health, ExitCode });

test('containers are read from lines, or from the array of older versions', () => {
  const [a, b] = [container('redis', 'running', 'healthy'), container('tempo', 'exited', '', 137)];
  const expected = [
    { service: 'redis', state: 'running', health: 'healthy', exitCode: 0 },
    { service: 'tempo', state: 'exited', health: '', exitCode: 137 },
  ];
  assert.deepEqual(readServices(`${a}\n${b}\n`), expected);
  assert.deepEqual(readServices(`[${a},${b}]\n`), expected);
  assert.deepEqual(readServices('\n'), []);
});

test('a service that is not ready is reported with the command for its log', () => {
  const output = [
    container('redis', 'running', 'healthy'),
    container('plain', 'running'),
    container('agent-a', 'running', 'starting'),
    container('tempo', 'exited', '', 137),
    container('grafana', 'created'),
  ].join('\n');
  assert.deepEqual(notReadyLines(readServices(output)), [
    '  agent-a: running, starting (oversoak logs agent-a)',
    '  tempo: ended with exit code 137 (oversoak logs tempo)',
    '  grafana: created (oversoak logs grafana)',
  ]);
});
