import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '../../src/index.ts';
import {
  longestResponseBytes,
  ResponseBytes,
  responseMix,
  responseProblems,
} from '../../src/options/response-bytes.ts';

test('each form is a mix', () => {
  assert.deepEqual(responseMix(1024), [{ share: 1, min: 1024, max: 1024 }]);
  assert.deepEqual(responseMix({ min: 64, max: 512 }), [{ share: 1, min: 64, max: 512 }]);
  const mix = [
    { share: 0.9, min: 64, max: 128 },
    { share: 0.1, min: 4096, max: 8192 },
  ];
  assert.deepEqual(responseMix(mix), mix);
  assert.equal(longestResponseBytes(mix), 8192);
  assert.equal(longestResponseBytes(undefined), 0);
});

test('what the schema refuses', () => {
  for (const wrong of [
    63,
    16_385,
    64.5,
    '1024',
    {},
    { min: 64 },
    { min: 64, max: 128, share: 1 },
    [],
    [{ share: 0, min: 64, max: 128 }],
    [{ min: 64, max: 128 }],
  ]) {
    assert.ok('problems' in validate(ResponseBytes, wrong), JSON.stringify(wrong));
  }
});

test('what is refused is told in one line, which names what is valid', () => {
  const problems = (given: unknown) => {
    const checked = validate(ResponseBytes, given);
    assert.ok('problems' in checked);
    return checked.problems.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };
  const valid =
    ' must be a whole number from 64 to 16384, {min, max}, or a list of {share, min, max}';
  for (const wrong of [1, 64.5, '1024', null, true]) assert.deepEqual(problems(wrong), [valid]);
  // Of what has the form of a branch, only that branch says what is wrong.
  assert.deepEqual(problems({ min: 1, max: 64 }), ['/min must be >= 64']);
  assert.deepEqual(problems({ min: 64 }), ['/max is required']);
  assert.deepEqual(problems([{ share: 2, min: 64, max: 64 }]), ['/0/share must be <= 1']);
});

test('a value that it cannot express is named with its path', () => {
  const problems = (responseBytes: ResponseBytes, protocol: 'oversoak' | 'raw' = 'oversoak') =>
    responseProblems({ responseBytes }, protocol).map(
      ({ pointer, detail }) => `${pointer} ${detail}`,
    );
  assert.deepEqual(responseProblems({}, 'raw'), []);
  assert.deepEqual(problems(1024), []);
  assert.deepEqual(problems({ min: 512, max: 64 }), [
    '/responseBytes/min must be <= max, which is 64',
  ]);
  assert.deepEqual(problems(64, 'raw'), [
    '/responseBytes is for the protocol "oversoak" only; it is "raw", whose messages are echoed',
  ]);
  const thirds = [0.1, 0.2, 0.7].map((share) => ({ share, min: 64, max: 64 }));
  assert.deepEqual(problems(thirds), [], 'decimals are not exact');
  assert.deepEqual(
    problems([
      { share: 0.5, min: 64, max: 64 },
      { share: 0.25, min: 128, max: 64 },
    ]),
    [
      '/responseBytes/1/min must be <= max, which is 64',
      '/responseBytes the shares must add up to 1; they add up to 0.75',
    ],
  );
});
