import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrongKind } from '../../src/index.ts';

const soak = { name: 'a', matrix: {}, workload: {} };
const schedule = { cron: '0 2 * * *', timeZone: 'UTC', spec: soak };
const protocol = { name: 'a', framing: {}, requests: [] };

test('a file of another kind is told in one line, with the command that takes it', () => {
  const told = (given: unknown, wanted: 'soak' | 'schedule' | 'protocol') =>
    wrongKind(given, wanted).map(({ pointer, detail }) => `${pointer}${detail}`);
  assert.deepEqual(told(schedule, 'soak'), [
    'this is a schedule, not a soak: "oversoak schedules put NAME FILE" takes it; its "spec" is a soak',
  ]);
  assert.deepEqual(told(soak, 'schedule'), [
    'this is a soak, not a schedule: "oversoak submit FILE" takes it; a schedule has it in its "spec"',
  ]);
  assert.match(told(protocol, 'soak').join(), /^this is the description of a protocol, not a soak/);
  assert.match(told(soak, 'protocol').join(), /^this is a soak, not the description of a protocol/);
});

test('a result is none of these, also where it has a spec in it', () => {
  for (const result of [{ soakId: 'soak-1', spec: soak }, { rankings: [] }, { left: {} }]) {
    const [problem] = wrongKind(result, 'soak');
    assert.match(
      problem?.detail ?? '',
      /^this is a result .* --json wrote, not a soak: no command/,
    );
  }
});

test('the right kind, a mixture and what has no mark are left to the schema', () => {
  assert.deepEqual(wrongKind(soak, 'soak'), []);
  assert.deepEqual(wrongKind({ ...soak, cron: '' }, 'soak'), []);
  for (const given of [{}, { nam: 'demo' }, null, 'text', [1]]) {
    assert.deepEqual(wrongKind(given, 'soak'), []);
  }
});
