import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withProtocolProblems } from '../../src/options/fleet-protocol.ts';
import { PLUGIN_FILE_PATTERN, SHA256_PATTERN } from '../../src/values/name-patterns.ts';

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
      '/protocol/framed/requests/0/expect: at character 34: stands for random field 1 of the request, which has fewer; {any:N} takes any bytes',
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
    assert.deepEqual(told({ plugin: { ...plugin, file: '../xor.so', options: 'a\u0000' } }), [
      '/protocols: another field',
      `/protocol/plugin/file: must match pattern "${PLUGIN_FILE_PATTERN}"`,
      '/protocol/plugin/options: must match pattern "^[^\\u0000]*$"',
    ]);
    assert.deepEqual(told({ plugin: { file: 'xor.so', sha256: 'abc', options: '' } }), [
      '/protocols: another field',
      `/protocol/plugin/sha256: must match pattern "${SHA256_PATTERN}"`,
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
