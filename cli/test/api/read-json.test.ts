import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from '../../src/api/read-json.ts';

test('no control character of a soak reaches the terminal, as a value or as a name', () => {
  const soak = { name: 'n\u001b[2J', runs: [{ notes: ['\u009b31m'] }], 'by\u0007': { 'a\r': 1 } };
  assert.deepEqual(readJson(JSON.stringify(soak)), {
    name: 'n\ufffd[2J',
    runs: [{ notes: ['\ufffd31m'] }],
    'by\ufffd': { 'a\ufffd': 1 },
  });
});
