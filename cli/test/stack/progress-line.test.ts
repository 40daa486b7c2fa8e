import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressLine, progressPrinter } from '../../src/stack/progress-line.ts';

// As Docker Compose 2.26 wrote them.
const cases: [line: string, shown: string | null][] = [
  [' Container oversoak-agent-a-1  Healthy', '  agent-a: healthy'],
  [' Container oversoak-control-plane-1  Started', '  control-plane: started'],
  ['Container oversoak-redis-1  Stopped', '  redis: stopped'],
  [' Container oversoak-redis-1  Waiting', null],
  [' Volume "oversoak_tempo"  Created', null],
  [' tempo Pulling ', '  tempo: pulling'],
  [
    '#20 [agent compiled 2/2] RUN npm run build   && find',
    '  build [agent compiled 2/2] RUN npm run build && find',
  ],
  ['#3 [internal] load .dockerignore', null],
  ['#20 1.073 > tsc --build', null],
  ['', null],
];
for (const [line, shown] of cases) {
  test(`"${line}" is shown as ${JSON.stringify(shown)}`, () => {
    assert.equal(progressLine(line), shown);
  });
}

test('a long step is truncated', () => {
  const text = progressLine(`#1 [x 1/1] RUN ${'y'.repeat(200)}`);
  assert.equal(text?.length, 100);
  assert.ok(text?.endsWith('y…'));
});

test('each line is shown once', () => {
  const shown: string[] = [];
  const take = progressPrinter((line) => shown.push(line));
  for (const line of [' Container oversoak-redis-1  Healthy', 'noise']) {
    take(line);
    take(line);
  }
  assert.deepEqual(shown, ['  redis: healthy']);
});
