import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readTrace } from '../../src/index.ts';

const SOUND = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

it('reads a traceparent', () => {
  assert.equal(readTrace(SOUND), SOUND);
});

for (const wrong of [
  undefined,
  null,
  7,
  '',
  'x',
  `${SOUND}-more`,
  SOUND.toUpperCase(),
  SOUND.replace(/^00/, 'ff'),
  '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
]) {
  it(`ignores ${JSON.stringify(wrong)}`, () => {
    assert.equal(readTrace(wrong), undefined);
  });
}
