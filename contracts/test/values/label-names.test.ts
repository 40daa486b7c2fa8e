import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelNameProblems } from '../../src/values/label-names.ts';

test('a label that no placement can name is a problem at its name', () => {
  const rule =
    'the name of a label must be a lower-case letter or digit, then lower-case letters, digits, "_", "." and "-"';
  assert.deepEqual(labelNameProblems({ os: 'win 11', '7.rack_a-b': '' }), []);
  assert.deepEqual(labelNameProblems({ 'Rack/One': 'a', '': 'b' }), [
    { pointer: '/Rack~1One', detail: rule },
    { pointer: '/', detail: rule },
  ]);
});
