import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isRunId,
  MAX_FOUND,
  shortSoakIds,
  soakOfRuns,
  wholeIdAmong,
  wholeRunId,
  wholeSoakId,
} from '../../src/api/short-id.ts';

const A = 'soak-01kb4x9m0a1b2c3d4e5f6g7h8j';
const B = 'soak-01kb4x9m9z1b2c3d4e5f6g7h8j';
const C = 'soak-01kb5aaa0a1b2c3d4e5f6g7h8j';
const find = async (prefix: string) =>
  [A, B, C].filter((id) => id.startsWith(prefix)).slice(0, MAX_FOUND);

test('the beginning of an id stands for it where it is the only one', async () => {
  assert.equal(await wholeSoakId('01kb5', find), C);
  assert.equal(await wholeSoakId('soak-01kb4x9m0', find), A);
  assert.equal(await wholeRunId('01kb5-3', find), C.replace('soak-', 'run-').concat('-3'));
  assert.equal(await wholeRunId('run-01kb4x9m9-0', find), B.replace('soak-', 'run-').concat('-0'));
});

test('a run is named by what the product prints of it or of its soak', async () => {
  const noRequest = async () => assert.fail('nothing to look up');
  const run = `${C.replace('soak-', 'run-')}-3`;
  for (const text of ['soak-01kb5-3', 'run-01kb5-3', '01kb5-3']) {
    assert.ok(isRunId(text), text);
    assert.equal(await wholeRunId(text, find), run);
  }
  for (const text of [`${C}-3`, run, run.slice('run-'.length)]) {
    assert.ok(isRunId(text), text);
    assert.equal(await wholeRunId(text, noRequest), run);
  }
  // Without a number it is that of several runs: of a soak.
  assert.ok(!isRunId('run-01kb5'));
  assert.equal(await wholeSoakId(soakOfRuns('run-01kb5'), find), C);
  assert.equal(await wholeSoakId(C.slice('soak-'.length), noRequest), C);
  assert.deepEqual([isRunId('run-'), soakOfRuns(A), soakOfRuns(run)], [true, A, run]);
});

test('complete ids and other texts are returned unchanged', async () => {
  const noRequest = async () => assert.fail('nothing to look up');
  for (const id of [A, 'baseline:main', 'nonsense'])
    assert.equal(await wholeSoakId(id, noRequest), id);
  assert.equal(
    await wholeRunId(`${A.replace('soak', 'run')}-2`, noRequest),
    `${A.replace('soak', 'run')}-2`,
  );
});

test('a prefix of no id or of several is refused, and the several are named', async () => {
  await assert.rejects(wholeSoakId('01kb9', find), /no soak's id begins with "01kb9"/);
  const how = '; give more characters of the one that you mean';
  await assert.rejects(wholeSoakId('01kb4', find), {
    message: `"01kb4" is the beginning of ${A}, ${B}${how}`,
  });
  const [first, second] = [A, B].map((id) => `${id.replace('soak-', 'run-')}-3`);
  await assert.rejects(wholeRunId('01kb4-3', find), {
    message: `"01kb4-3" is the beginning of ${first}, ${second}${how}`,
  });
  for (const text of ['01', 'soak-01']) {
    await assert.rejects(wholeSoakId(text, find), {
      message: `"${text}" is the beginning of ${A}, ${B}, ${C}${how}`,
    });
  }
  assert.ok(isRunId('01-3'));
  const many = Array.from({ length: 9 }, (_, index) => `agent-${index}`);
  assert.equal(wholeIdAmong('agent-7', many), 'agent-7');
  assert.throws(() => wholeIdAmong('agent', many), {
    message: `"agent" is the beginning of ${many.slice(0, 5).join(', ')} and more${how}`,
  });
});

test('a list shows the shortest unique prefix of each id', () => {
  assert.deepEqual(shortSoakIds([A, B, C]), ['soak-01kb4x9m0', 'soak-01kb4x9m9', 'soak-01kb5aaa']);
});
