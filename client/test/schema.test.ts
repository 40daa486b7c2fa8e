import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '@oversoak/testing/repository';
import { parse } from 'yaml';

const folder = join(REPOSITORY, 'client');
const schemaFile = join(folder, 'src', 'schema.ts');

test('the types are those of the OpenAPI document; "npm run docs" writes them', async () => {
  const { generated } = await import(pathToFileURL(join(folder, 'generate.mjs')).href);
  assert.equal(readFileSync(schemaFile, 'utf8'), await generated());
});

/** What the compiler says of a program that gives the value to the API as a spec. */
function problemsOf(spec: unknown): string {
  const place = mkdtempSync(join(folder, 'dist', 'typed-'));
  const program = join(place, 'spec.ts');
  const from = JSON.stringify(schemaFile);
  const lines = [
    `import type { components } from ${from};`,
    `export const spec: components['schemas']['SoakSpec'] = ${JSON.stringify(spec)};`,
  ];
  writeFileSync(program, lines.join('\n'));
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const tsc = join(dirname(manifest), 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--allowImportingTsExtensions'];
  const resolution = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
  try {
    execFileSync(process.execPath, [tsc, ...options, ...resolution, program], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  } finally {
    rmSync(place, { recursive: true });
  }
}

test("the README's first spec type-checks as it stands, and a wrong one does not", () => {
  const readme = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
  const spec = parse(text);
  assert.ok(spec.matrix);
  assert.equal(problemsOf(spec), '');
  assert.match(problemsOf({ ...spec, repeats: 'two' }), /not assignable to type 'number'/);
});
