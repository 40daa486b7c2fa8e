// What a reader meets first: the README is a door, and no link leads nowhere.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { REPOSITORY } from '../src/repository.ts';

const MAX_LINES_OF_README = 150;

const PAGES = [
  ...readdirSync(REPOSITORY).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

const textOf = (page: string) => readFileSync(join(REPOSITORY, page), 'utf8');

/** Links of the prose, without those of the web. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm);
  const names = [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const explicit = [...markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...names, ...explicit]);
}

/** The links of a page that lead nowhere. */
function brokenLinks(page: string, markdown: string): string[] {
  return linksOf(markdown).filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), decodeURI(path));
    if (!existsSync(join(REPOSITORY, file))) return true;
    if (anchor === undefined || !file.endsWith('.md')) return false;
    return !anchorsOf(path === '' ? markdown : textOf(file)).has(anchor);
  });
}

describe('the README', () => {
  const readme = textOf('README.md');

  it(`has at most ${MAX_LINES_OF_README} lines`, () => {
    assert.ok(readme.split('\n').length <= MAX_LINES_OF_README);
  });

  it('has a picture of a result', () => {
    const pictures = [...readme.matchAll(/!\[([^\]]+)\]\(([^)]+\.png)\)/g)];
    assert.ok(pictures.length > 0);
    for (const [, alt = '', file = ''] of pictures) {
      assert.ok(alt !== '' && existsSync(join(REPOSITORY, file)), file);
    }
  });
});

describe('the pages', () => {
  for (const page of PAGES) {
    it(`${page} has no link that leads nowhere`, () => {
      assert.deepEqual(brokenLinks(page, textOf(page)), []);
    });
  }

  it('are found to have a wrong file and a wrong heading, if they do', () => {
    const wrong = 'See [a](docs/none.md), [b](docs/README.md#none), [c](#here).\n\n# There\n';
    assert.deepEqual(brokenLinks('README.md', wrong), [
      'docs/none.md',
      'docs/README.md#none',
      '#here',
    ]);
    assert.deepEqual(brokenLinks('README.md', 'See [a](#it-s-here).\n\n## It-s "here"\n'), []);
  });
});
