import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withProtocolProblems } from '../../src/options/fleet-protocol.ts';

const text = 'hex: {length} {identifier:u16le} {random:1..100}';
const FILE = {
  name: 'own',
  framing: { by: 'length', bytes: 2, endian: 'little' },
  maxMessageBytes: 1024,
  match: 'identifier',
  requests: [{ name: 'say', send: text, expect: text }],
};

describe('withProtocolProblems', () => {
  const told = (protocol: unknown) =>
    withProtocolProblems(
      [
        { pointer: '/protocol', detail: 'must match a schema in anyOf' },
        { pointer: '/protocol/framed', detail: 'is required' },
        { pointer: '/protocols', detail: 'another field' },
      ],
      '/protocol',
      protocol,
    ).map(({ pointer, detail }) => `${pointer}: ${detail}`);

  it("a description's problems replace those of the union, and stand at their places", () => {
    const wrong = { ...FILE, requests: [{ name: 'say', send: 'hex: {length} zz', expect: text }] };
    assert.deepEqual(told({ framed: wrong }), [
      '/protocols: another field',
      '/protocol/framed/requests/0/send: at character 15: "z" is no hexadecimal digit; text stands in quotes: \'text\'',
    ]);
    assert.deepEqual(told({ framed: FILE }), ['/protocols: another field']);
    assert.deepEqual(told({ framed: FILE, file: 'own.yaml' }), [
      '/protocols: another field',
      '/protocol/file: unknown property "file"; valid: framed',
    ]);
  });

  it("so do a plug-in's", () => {
    const plugin = { file: 'xor.so', sha256: 'A'.repeat(64), options: 'x' };
    assert.deepEqual(told({ plugin }), ['/protocols: another field']);
    const file =
      '/protocol/plugin/file: must be the name of a library without its folder: a letter, digit or "_", then up to 99 letters, digits, ".", "_" and "-"';
    for (const name of ['../xor.so', 'C:\\xor.dll', 'xor#1.so', 'xor\u0000.so', 'a,b.so', '']) {
      assert.deepEqual(told({ plugin: { ...plugin, file: name } }), [
        '/protocols: another field',
        file,
      ]);
    }
    assert.deepEqual(told({ plugin: { ...plugin, options: 'a\u0000' } }), [
      '/protocols: another field',
      '/protocol/plugin/options: must be a text without the character NUL (U+0000)',
    ]);
    assert.deepEqual(told({ plugin: { file: 'xor.so', sha256: 'abc', options: '' } }), [
      '/protocols: another field',
      '/protocol/plugin/sha256: must be 64 hexadecimal digits',
    ]);
    assert.deepEqual(told({ plugin, framed: FILE }), [
      '/protocols: another field',
      '/protocol/framed: unknown property "framed"; valid: plugin',
    ]);
  });

  it('an object that is neither', () => {
    assert.deepEqual(told({ plug: 1 }), [
      '/protocols: another field',
      '/protocol: must have framed or plugin; it has plug',
    ]);
  });

  it('another name is told with the valid ones', () => {
    assert.deepEqual(told('tcp'), [
      '/protocols: another field',
      '/protocol: must be one of oversoak, echo8, raw, {framed: a description}, or {plugin: {file, sha256}}',
    ]);
  });
});
