import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPlugin, pluginsText, readAllowedPlugin } from '../../src/options/plugin.ts';

const HASH = 'ab'.repeat(32);

describe('readAllowedPlugin', () => {
  it('reads an absolute path of either system, and a hash in either case', () => {
    for (const [path, file] of [
      ['/opt/plug ins/a=b/xor.so', 'xor.so'],
      ['C:\\plugins\\xor.dll', 'xor.dll'],
      ['c:/plugins/xor.dll', 'xor.dll'],
      ['\\\\server\\share\\xor.dll', 'xor.dll'],
    ] as const) {
      const read = readAllowedPlugin(`${path}=${HASH.toUpperCase()}`);
      assert.deepEqual(read, { path, file, sha256: HASH });
    }
  });

  it('reads nothing else', () => {
    for (const text of [
      'xor.so',
      `xor.so=${HASH}`,
      `./xor.so=${HASH}`,
      `/opt/xor.so=${HASH.slice(1)}`,
      `/opt/xor.so=${HASH}0`,
      `/opt/=${HASH}`,
      `/opt/..=${HASH}`,
      `/opt/x y.so=${HASH}`,
      `=${HASH}`,
      '',
    ]) {
      assert.equal(readAllowedPlugin(text), undefined, text);
    }
  });
});

describe('findPlugin', () => {
  const allowed = [
    { file: 'xor.so', sha256: 'cd'.repeat(32) },
    { file: 'xor.so', sha256: HASH },
  ];

  it('is the one with the same name and bytes', () => {
    assert.equal(findPlugin(allowed, { file: 'xor.so', sha256: HASH.toUpperCase() }), allowed[1]);
    assert.equal(findPlugin(allowed, { file: 'xor.dll', sha256: HASH }), undefined);
    assert.equal(findPlugin(allowed, { file: 'xor.so', sha256: '0'.repeat(64) }), undefined);
  });

  it('names what is allowed', () => {
    assert.equal(pluginsText([]), 'none');
    assert.equal(pluginsText(allowed), `xor.so=${'cd'.repeat(32)}, xor.so=${HASH}`);
  });
});
