import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import {
  FleetOptions,
  NOTIFIERS,
  ServerOptions,
  SoakSpec,
  schemaProblems,
  searchedPart,
  ThresholdSpec,
  validate,
} from '../../src/index.ts';

test('defaults are filled in and the input stays as it was', () => {
  const input = { notifier: 'iocp', layout: 'homo' };
  const result = validate(ServerOptions, input);
  assert.ok('value' in result);
  assert.equal(result.value.maxFrameBytes, 4096);
  assert.deepEqual(result.value.iocp, { skipCompletionPortOnSuccess: true, inlineRounds: 8 });
  assert.deepEqual(input, { notifier: 'iocp', layout: 'homo' });
});

test('every problem is named with its field and the valid values', () => {
  const result = validate(ServerOptions, {
    notifier: 'kqueue',
    layout: 'homo',
    port: -1,
    iocp: { inline: 3 },
    colour: 'red',
  });
  assert.ok('problems' in result);
  const details = Object.fromEntries(result.problems.map((p) => [p.pointer, p.detail]));
  assert.equal(details['/notifier'], `must be one of ${NOTIFIERS.join(', ')}`);
  assert.equal(
    details['/iocp/inline'],
    'unknown property "inline"; valid: skipCompletionPortOnSuccess, inlineRounds',
  );
  assert.match(details['/colour'] ?? '', /^unknown property "colour"; valid: notifier, layout, /);
  assert.match(details['/port'] ?? '', />= 0/);
});

test('of a union only what the value has the form of is named', () => {
  const given = (thresholds: unknown[]) => {
    const problems = schemaProblems(Type.Array(ThresholdSpec), thresholds);
    return problems.map(({ pointer, detail }) => `${pointer} ${detail}`);
  };
  assert.deepEqual(given([1]), ['/0 must be a text or {threshold, abort}']);
  assert.deepEqual(given([{ threshold: 'a' }]), ['/0/abort is required']);
  assert.deepEqual(given(['a'.repeat(201)]), ['/0 must not have more than 200 characters']);
  const several = Type.Union([
    Type.Object({ a: Type.String() }),
    Type.Object({ b: Type.String() }),
  ]);
  assert.ok(schemaProblems(several, {}).length > 1, 'several forms: all that is wrong');
});

test('a missing field is named', () => {
  const result = validate(FleetOptions, { host: '127.0.0.1', sessions: 1 });
  assert.deepEqual(result, { problems: [{ pointer: '/port', detail: 'is required' }] });
});

test('a name that breaks its pattern is told in words', () => {
  const { name } = SoakSpec.properties;
  assert.deepEqual(schemaProblems(name, 'tight & <b>'), [
    {
      pointer: '',
      detail: 'must be a letter or digit, then letters, digits, spaces, "_", "." and "-"',
    },
  ]);
});

test('of many problems the first are named, and a last one about the whole says that there are more', () => {
  const wrong = (count: number) =>
    schemaProblems(Type.Array(Type.Integer()), Array(count).fill('x'));
  assert.equal(wrong(21).length, 21);
  const some = wrong(30);
  assert.equal(some.length, 21);
  assert.deepEqual(some[19]?.pointer, '/19');
  assert.deepEqual(some[20], { pointer: '', detail: 'and 10 more problems' });
  assert.deepEqual(wrong(1500).at(-1), { pointer: '', detail: 'and more problems' });
});

test('only the beginning of a list is searched, so that the time of a refusal has a bound', () => {
  const lists = Type.Array(Type.Array(Type.Integer()), { maxItems: 16, uniqueItems: true });
  const long = Array.from({ length: 80_000 }, () => []);
  assert.equal((searchedPart({ long }) as { long: unknown[] }).long.length, 2000);
  const sinceMs = performance.now();
  const problems = schemaProblems(lists, long);
  assert.match(problems[0]?.detail ?? '', /more than 16 items/);
  // It was two minutes where the whole list was searched, and is far below a second.
  assert.ok(performance.now() - sinceMs < 20_000);
});

test('what is nested deeper than any spec is left alone, however deep', () => {
  let deep: unknown[] = [];
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  assert.ok(schemaProblems(Type.Array(Type.Integer()), deep).length > 0);
});
