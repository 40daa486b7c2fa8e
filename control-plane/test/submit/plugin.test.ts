import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { validateSpec } from '../../src/submit/validate.ts';

const PLUGIN = { file: 'xor.so', sha256: 'a'.repeat(64) };

function validated(plugin: object, workload: object = {}) {
  return validateSpec({
    ...submittedSpec(),
    matrix: { sessions: [10] },
    target: { host: '127.0.0.1', port: 7000, protocol: { plugin } },
    workload: { ratePerSecond: 2000, ...workload },
  });
}

describe('a spec with a plug-in', () => {
  it('is accepted, with its options filled in', () => {
    const valid = validated(PLUGIN);
    assert.ok('spec' in valid, JSON.stringify(valid));
    assert.deepEqual(valid.spec.target?.protocol, { plugin: { ...PLUGIN, options: '' } });
  });

  for (const [name, valid, expected] of [
    [
      'by a path, without a hash, and with another field',
      validated({ file: 'lib/xor.so', path: '/lib' }),
      ['file', 'path', 'sha256'].map((field) => `/target/protocol/plugin/${field}`),
    ],
    [
      'with what only an echo has',
      validated(PLUGIN, { responseBytes: 128, minFrameBytes: 100, maxFrameBytes: 200 }),
      ['/workload/maxFrameBytes', '/workload/minFrameBytes', '/workload/responseBytes'],
    ],
  ] as const) {
    it(`is refused ${name}`, () => {
      assert.ok('problems' in valid);
      assert.deepEqual(valid.problems.map(({ pointer }) => pointer).sort(), expected);
    });
  }
});
