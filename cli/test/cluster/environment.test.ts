import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritedEnvironment } from '../../src/cluster/environment.ts';
import { jsonLine } from '../../src/cluster/log-file.ts';

test("a shell's own settings for oversoak do not reach the cluster's parts", () => {
  const given = { PATH: '/bin', OVERSOAK_LABELS: 'a=b', OVERSOAK_TOKEN: 'x' };
  assert.deepEqual(inheritedEnvironment(given), { PATH: '/bin' });
});

test('only a JSON object with the key as text is the line that is waited for', () => {
  const read = jsonLine('listening');
  assert.equal(read('{"listening":"http://127.0.0.1:1"}'), 'http://127.0.0.1:1');
  assert.equal(read('{"level":30,"msg":"Server listening at x"}'), undefined);
  assert.equal(read('{"listening":7}'), undefined);
  assert.equal(read('"listening"'), undefined);
});
