// The tables of docs/reference/verdicts.md, from which a reader goes by the words of a reason, against
// the words in the source.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';

const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

/** Texts that are written in parts, as one. */
const source = globSync('control-plane/src/**/*.ts', { cwd: REPOSITORY })
  .map((file) => read(file).replace(/['`]\s*\+\s*['`]/g, ''))
  .join('\n');

/** Between the words of a reason: names and numbers, which the page leaves out, and what is put together. */
const BETWEEN = /…|^(?:server|fleet)(?= on )|(?<=^generator saturated):?|, | is |(?<=^undecided): /;

function reasons(): string[][] {
  const tables = read('docs/reference/verdicts.md').matchAll(
    /^## \w+: what the reason means$(.*?)^## /gms,
  );
  return [...tables].flatMap(([, table = '']) =>
    [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, reason = '']) =>
        reason.split(BETWEEN).filter((part) => /\w{3}/.test(part)),
      ),
    ),
  );
}

test('every reason that the page on verdicts explains is one', () => {
  const documented = reasons();
  assert.ok(documented.length > 20, `${documented.length}`);
  for (const parts of documented) {
    for (const part of parts) assert.ok(source.includes(part), `"${part}" of ${parts.join('…')}`);
  }
});
