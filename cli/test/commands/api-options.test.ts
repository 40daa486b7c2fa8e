import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiAddress } from '../../src/commands/api-options.ts';
import { readConfig } from '../../src/shell/config.ts';

test('what is missing of the API is named', () => {
  const config = readConfig({});
  assert.throws(
    () => apiAddress({}, config),
    /: its address \(.*\) and its token \(.*\) are missing;/,
  );
  const url = 'http://127.0.0.1:7700';
  assert.throws(() => apiAddress({ url }, config), /: its token \(.*\) is missing;/);
});
