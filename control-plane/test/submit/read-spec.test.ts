import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HALF_CHARACTER, jsonProblem, TOO_DEEP } from '../../src/submit/json-problem.ts';
import { readJson } from '../../src/submit/read-json.ts';
import { readYaml } from '../../src/submit/read-spec.ts';

describe('readYaml', () => {
  it('reads plain data', () => {
    assert.deepEqual(readYaml('a: [1, x]\n# why\nb: {c: true}\n'), {
      value: { a: [1, 'x'], b: { c: true } },
    });
  });

  for (const [name, text, detail] of [
    ['a key that comes twice', 'a: 1\na: 2\n', /^line 2, column 1: .*unique/],
    ['a bracket that stays open', 'a: [1, 2\nb: 3\n', /^line \d+, column \d+: /],
    ['a tab for indentation', 'a:\n\tb: 1\n', /^line 2, column \d+: .*[Tt]ab/],
    ['the key of all prototypes', 'a:\n  __proto__: 1\n', /^line 2, column 3: the key "__proto__"/],
    ['half a character', 'a: 1\nb: "\\ud800"\n', /^line 2, column 4: .*surrogate/],
    ['several documents', 'a: 1\n---\nb: 2\n', /^line 2, column 1: /],
    ['an alias to nothing', 'a: 1\nb: *c\n', /^line 2, column 4: .*c/],
  ] as [string, string, RegExp][]) {
    it(`reports where ${name} is`, () => {
      const read = readYaml(text);
      assert.ok('problems' in read);
      assert.match(read.problems[0]?.detail ?? '', detail);
    });
  }

  for (const [name, text] of Object.entries({
    brackets: '['.repeat(5000),
    braces: '{a: '.repeat(5000),
    dashes: '- '.repeat(5000),
    'question marks': '? '.repeat(5000),
    indentation: Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:\n`).join(''),
  })) {
    it(`refuses ${name} that are nested too deep`, () => {
      assert.deepEqual(readYaml(text), { problems: [{ pointer: '', detail: TOO_DEEP }] });
    });
  }

  it('reads a document of the largest allowed depth', () => {
    for (const text of [`${'['.repeat(49)}1${']'.repeat(49)}`, `${'- '.repeat(49)}1`]) {
      assert.ok('value' in readYaml(text), text);
    }
  });

  it('bounds the size of aliases of aliases', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = level === 0 ? '[x,x,x,x,x,x,x,x,x]' : `[${Array(9).fill(`*a${level - 1}`)}]`;
      return `a${level}: &a${level} ${items}`;
    });
    assert.ok('problems' in readYaml(levels.join('\n')));
  });
});

describe('jsonProblem', () => {
  for (const [text, problem] of [
    ['{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]}', null],
    ['{"a": "b", "b": "a"}', null],
    ['["a", "a"]', null],
    ['{"a": {}, "b": [],\n "a": 2}', 'line 2, column 2: duplicate key "a"'],
    ['{"\\u0061": 1, "a": 2}', 'line 1, column 15: duplicate key "a"'],
    ['[{"x": {"y": 1, "y": 1}}]', 'line 1, column 17: duplicate key "y"'],
    ['['.repeat(5000), TOO_DEEP],
    ['{"a": {"__proto__": 1}}', 'line 1, column 8: the key "__proto__" is not allowed'],
    ['["x", "\\udc00"]', `line 1, column 7: ${HALF_CHARACTER}`],
    ['{"\\ud800": 1}', `line 1, column 2: ${HALF_CHARACTER}`],
    ['["\\ud83d\\udca3"]', null],
  ] as const) {
    it(`finds ${problem ?? 'nothing'} in ${text.slice(0, 60)}`, () => {
      assert.equal(jsonProblem(text), problem);
    });
  }
});

it('the depth of aliases of aliases is counted as resolved, as in JSON', () => {
  const list = (levels: number, inner: string) =>
    `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
  const chained = (levels: number) =>
    `a: &a ${list(levels, '')}\nb: &b ${list(20, '*a')}\nc: ${list(10, '*b')}\n`;
  // The mapping is a level, c has 30, and a has the rest.
  assert.ok('value' in readYaml(chained(19)));
  const read = readYaml(chained(20));
  assert.deepEqual(read, {
    problems: [{ pointer: '', detail: 'nested too deep: at most 50 levels' }],
  });
});

it('JSON is read with the same bounds, and invalid JSON is reported', () => {
  assert.deepEqual(readJson('\ufeff{"a": [1]}'), { value: { a: [1] } });
  for (const text of ['', '{', '{"a": 1,}', "{'a': 1}", '\u{1f4a3}'.repeat(40)]) {
    const read = readJson(text);
    assert.ok('problems' in read, text);
    assert.ok(read.problems[0]?.detail.isWellFormed());
  }
  for (const text of ['{"a": 1, "a": 1}', '['.repeat(60)]) assert.ok('problems' in readJson(text));
});
