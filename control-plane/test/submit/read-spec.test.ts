import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BOUNDS } from '@oversoak/contracts';
import { HALF_CHARACTER, jsonProblem, TOO_DEEP } from '../../src/submit/json-problem.ts';
import { readJson } from '../../src/submit/read-json.ts';
import { readYaml, TOO_MANY_VALUES } from '../../src/submit/read-spec.ts';

describe('readYaml', () => {
  it('reads plain data', () => {
    assert.deepEqual(readYaml('a: [1, x]\n# why\nb: {c: true}\n'), {
      value: { a: [1, 'x'], b: { c: true } },
    });
  });

  for (const [name, text, detail] of [
    ['a key that comes twice', 'a: 1\na: 2\n', /^line 2, column 1: duplicate key "a"$/],
    ['a key that is a number and a text', '1: a\n"1": b\n', /^line 2, column 1: duplicate key "1"/],
    ['a key that is an alias', 'a: &x b\n*x : c\n', /^line 2, column 1: an alias as a key/],
    ['a prototype by an alias', 'a: &x __proto__\nb: {*x : c}\n', /^line 2, column 5: an alias as/],
    ['a key that is a list', '"[ a ]": 1\n[a]: 2\n', /^line 2, column 1: a list as a key/],
    ['a key that is a map', 'b:\n  ? {a: 1}\n  : 2\n', /^line 2, column 5: a map as a key/],
    ['a key that is null', '"": 1\nnull: 2\n', /^line 2, column 1: null as a key/],
    ['a key that is missing', 'a: {: 2}\n', /^line 1, column 5: null as a key/],
    ['a key that is a block', 'a: 1\n? |\n  b\n: 2\n', /^line 2, column 3: a block of text as a/],
    ['a set', 'a: 1\nb: !!set {x, y}\n', /^line 2, column 4: the tag "!!set" is not allowed/],
    ['binary', '- !!binary aGk=\n', /^line 1, column 3: the tag "!!binary" is not/],
    ['a tag of its own', 'a:\n  !mine b: 1\n', /^line 2, column 3: the tag "!mine" is not/],
    ['a tag that means nothing', 'a: ! b\n', /^line 1, column 4: the tag "!" is not/],
    ['an older YAML', '%YAML 1.1\n---\na: {<<: {b: 1}}\n', /^line 1, column 1: the directive "%Y/],
    ['another directive', '%TAG ! tag:x,1:\n---\na: 1\n', /^line 1, column 1: the directive "%T/],
    ['a bracket that stays open', 'a: [1, 2\nb: 3\n', /^line \d+, column \d+: /],
    ['a bracket that was not opened', 'a: 1\n]\n', /^line 2, column 1: unexpected "]"$/],
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

  it('takes what only looks like a tag, an alias or a directive', () => {
    const text =
      '%YAML 1.2\n---\na: "!x"\nb: x!y*z&\nc: |\n  !x\n  %YAML 1.1\nd: 50%\n<<: {e: 1}\n1: 2\n';
    assert.deepEqual(readYaml(text), {
      value: {
        ...{ a: '!x', b: 'x!y*z&', c: '!x\n%YAML 1.1\n', d: '50%', '<<': { e: 1 }, 1: 2 },
      },
    });
  });

  it('counts anchors and aliases of all kinds, and values', () => {
    const anchors = (count: number) =>
      Array.from({ length: count }, (_, index) => `- &a${index} x`).join('\n');
    const aliases = (count: number) =>
      Array.from({ length: count }, (_, index) => `- *a${index % 100}`).join('\n');
    assert.ok('value' in readYaml(`${anchors(100)}\n${aliases(100)}`));
    for (const [text, detail] of [
      [anchors(101), 'line 101, column 3: too many anchors: at most 100'],
      [`${anchors(100)}\n${aliases(101)}`, 'line 201, column 3: too many aliases: at most 100'],
      [`a: &a [${Array(300).fill('x')}]\nb: [${Array(90).fill('*a')}]\n`, TOO_MANY_VALUES],
      [`[${Array(20_000).fill('x')}]`, TOO_MANY_VALUES],
    ]) {
      assert.deepEqual(readYaml(text ?? ''), { problems: [{ pointer: '', detail }] });
    }
    assert.ok('value' in readYaml(`[${Array(19_999).fill('x')}]`));
  });

  it('names the first of many problems', () => {
    const read = readYaml('- "\\z"\n'.repeat(5000));
    assert.ok('problems' in read);
    assert.equal(read.problems.length, 21);
    assert.equal(read.problems[20]?.detail, 'and 4980 more problems');
  });

  const many = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join('');
  for (const [name, text] of Object.entries({
    'a flow map': `{${many(20_000, (index) => `k${index}: 1, `)}}`,
    'a map without values': `{${many(40_000, (index) => `${index},`)}}`,
    'anchors with aliases': many(10_000, (index) => `- &a${index} x\n- *a${index}\n`),
    'anchors without one': `${many(15_000, (index) => `- &a${index} x\n`)}- *b\n`,
    'an escape that is none': many(36_000, () => '- "\\z"\n'),
    'equal keys': `{${many(60_000, () => 'a,')}}`,
    'empty lines': `a:\n${many(120_000, () => '\n')} b`,
    comments: `a:\n${many(80_000, () => '# \n')} b`,
    'empty items': many(80_000, () => '-\n'),
    'empty keys': many(80_000, () => '?\n'),
    'empty values': many(80_000, () => ':\n'),
    commas: `[${many(200_000, () => ',')}]`,
    'brackets that were not opened': many(120_000, () => '}\n'),
    'ends of documents': many(60_000, () => '...\n'),
    documents: many(60_000, () => '---\n'),
  })) {
    it(`reads or refuses ${name} in a time that has a bound`, () => {
      const sinceMs = performance.now();
      assert.ok(text.length <= BOUNDS.spec.bytes, `${text.length}`);
      readYaml(text);
      // The library alone takes up to a minute; this takes half a second on a busy machine.
      const tookMs = performance.now() - sinceMs;
      assert.ok(tookMs < 8000, `${tookMs} ms`);
    });
  }

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
