import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greeting, pathForUser } from '../../src/commands/start.ts';

const ADDRESS = { url: 'http://127.0.0.1:7700', token: 'secret' };

test('start says what becomes of the results at Ctrl-C, and how to keep them', () => {
  const own = greeting(ADDRESS, 'oversoak', 'demo.yaml', undefined);
  assert.match(
    own,
    /^Ctrl-C stops everything and deletes the results\. To keep them: --redis URL/m,
  );
  const given = greeting(ADDRESS, 'oversoak', 'demo.yaml', 'redis://127.0.0.1:6379');
  assert.match(given, /^Ctrl-C stops everything; the results stay in the Redis/m);
});

test('start shows a command with the preset that is there', () => {
  const text = greeting(ADDRESS, 'npx oversoak', '/opt/presets/demo.yaml', undefined);
  assert.match(text, /^ {2}npx oversoak submit \/opt\/presets\/demo\.yaml --watch --url /m);
  for (const [file, folder, path] of [
    ['/checkout/presets/demo.yaml', '/checkout', 'presets/demo.yaml'],
    ['/usr/lib/oversoak/presets/demo.yaml', '/home/ann', '/usr/lib/oversoak/presets/demo.yaml'],
    [
      '/usr/lib/oversoak/presets/demo.yaml',
      '/usr/lib/other',
      '/usr/lib/oversoak/presets/demo.yaml',
    ],
    ['/home/ann b/presets/demo.yaml', '/tmp', '"/home/ann b/presets/demo.yaml"'],
  ] as const) {
    assert.equal(pathForUser(file, folder), path);
  }
});
