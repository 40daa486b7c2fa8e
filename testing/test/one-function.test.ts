import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  isOneFunction,
  type SourceFile,
  typescriptOf,
  withoutReason,
} from '../src/one-function.ts';
import { REPOSITORY } from '../src/repository.ts';

const { workspaces } = JSON.parse(readFileSync(`${REPOSITORY}package.json`, 'utf8')) as {
  workspaces: string[];
};

describe('a file of one function', () => {
  it('has a reason: two users, a test of its own, a recipe, or a stated one', () => {
    const files = typescriptOf(REPOSITORY, workspaces);
    assert.ok(files.some(({ text }) => isOneFunction(text)));
    assert.deepEqual(withoutReason(files), []);
  });
});

describe('the check of files of one function', () => {
  const one = '/** Doubles. */\nexport const twice = (n: number): number => 2 * n;\n';
  const uses = "import { twice } from './twice.ts';\n";
  const found = (...files: SourceFile[]) =>
    withoutReason([{ path: 'a/src/twice.ts', text: one }, ...files]);

  it('finds one with a single user', () => {
    assert.deepEqual(found({ path: 'a/src/user.ts', text: uses }), ['a/src/twice.ts']);
  });

  it('accepts a second user, also of another package, and a test', () => {
    const user = { path: 'a/src/user.ts', text: uses };
    assert.deepEqual(found(user, { path: 'a/src/other.ts', text: uses }), []);
    const abroad = "import { twice } from '@oversoak/a/twice';\n";
    assert.deepEqual(found(user, { path: 'b/src/user.ts', text: abroad }), []);
    const tests = "import { twice } from '../src/twice.ts';\n";
    assert.deepEqual(found({ path: 'a/test/twice.test.ts', text: tests }), []);
  });

  it('accepts a file of a recipe, and one that states its reason', () => {
    assert.deepEqual(withoutReason([{ path: 'cli/src/commands/twice.ts', text: one }]), []);
    assert.deepEqual(
      withoutReason([{ path: 'a/src/twice.ts', text: `// A file of its own: why.\n${one}` }]),
      [],
    );
  });

  it('ignores modules with more in them, and programs', () => {
    const two = `${one}export function half(n: number) {\n  return n / 2;\n}\n`;
    for (const text of [two, 'console.log(1);\n', "export * from './twice.ts';\n"]) {
      assert.deepEqual(withoutReason([{ path: 'a/src/b.ts', text }]), [], text);
    }
  });
});
