import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
    ['several documents', 'a: 1\n---\nb: 2\n', /^line 2, column 1: /],
    ['an alias to nothing', 'a: *b\n', /b/],
  ] as [string, string, RegExp][]) {
    it(`tells where ${name} is`, () => {
      const read = readYaml(text);
      assert.ok('problems' in read);
      assert.match(read.problems[0]?.detail ?? '', detail);
    });
  }

  it('does not blow up aliases of aliases', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const items = level === 0 ? '[x,x,x,x,x,x,x,x,x]' : `[${Array(9).fill(`*a${level - 1}`)}]`;
      return `a${level}: &a${level} ${items}`;
    });
    assert.ok('problems' in readYaml(levels.join('\n')));
  });
});
