import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { SoakSpec, schemaProblems, validate } from '../../src/index.ts';

const spec = {
  name: 'a',
  ...{ matrix: { notifier: ['iocp'], sessions: [1] }, workload: { ratePerSecond: 1 } },
  ...{ threads: {}, game: {}, server: {}, fleet: {}, phases: { measureSeconds: 1 } },
};

/** What is said of one field of a spec, at the pointer. */
function told(change: object, pointer: string): string | undefined {
  const checked = validate(SoakSpec, { ...spec, ...change });
  assert.ok('problems' in checked);
  return checked.problems.find((problem) => problem.pointer === pointer)?.detail;
}

test('a value of another type is told in words, with what was given', () => {
  const { matrix } = spec;
  for (const [change, pointer, text] of [
    [
      { phases: { measureSeconds: '20s' } },
      '/phases/measureSeconds',
      'a number, not the text "20s"',
    ],
    [{ repeats: '3' }, '/repeats', 'a whole number, not the text "3": write 3'],
    [{ strictBudget: 1 }, '/strictBudget', 'true or false, not 1'],
    [{ description: 5 }, '/description', 'a text, not 5: write "5"'],
    [{ workload: null }, '/workload', /^must be an object with protocol, .*, not empty \(null\)$/],
    [{ placement: [] }, '/placement', 'an object with server, fleet, not a list'],
    [{ threads: 3 }, '/threads', /^must be an object with io, content.*, not 3$/],
    [
      { matrix: { ...matrix, notifier: 'iocp' } },
      '/matrix/notifier',
      'a list, not the text "iocp": write ["iocp"]',
    ],
    [{ matrix: { ...matrix, sessions: 10 } }, '/matrix/sessions', 'a list, not 10: write [10]'],
    [{ matrix: { ...matrix, sessions: {} } }, '/matrix/sessions', 'a list, not an object'],
    [{ game: { contents: 3 } }, '/game/contents', 'a list, not 3'],
    [{ thresholds: 'x'.repeat(99) }, '/thresholds', 'a list, not a text'],
    [{ matrix: { ...matrix, sessions: [] } }, '/matrix/sessions', 'have at least 1 item'],
  ] as [object, string, string | RegExp][]) {
    const detail = told(change, pointer);
    if (typeof text !== 'string') assert.match(detail ?? '', text);
    else assert.equal(detail, `must ${text.startsWith('have') ? '' : 'be '}${text}`);
  }
});

test('a key may have a percent sign', () => {
  const texts = Type.Record(Type.String(), Type.String());
  assert.deepEqual(schemaProblems(texts, { '50%': 5 }), [
    { pointer: '/50%', detail: 'must be a text, not 5: write "5"' },
  ]);
});
