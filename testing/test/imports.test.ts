import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FLOORS } from '../src/floors.ts';
import { circles, importsBelow, importsOf, wrongImports } from '../src/imports.ts';
import { REPOSITORY } from '../src/repository.ts';

describe('imports', () => {
  const { workspaces } = JSON.parse(readFileSync(`${REPOSITORY}package.json`, 'utf8')) as {
    workspaces: string[];
  };

  it('have layers in every package', () => {
    assert.deepEqual(Object.keys(FLOORS).sort(), [...workspaces].sort());
  });

  for (const [name, floors] of Object.entries(FLOORS)) {
    if (floors.length === 0) continue;
    it(`go down in ${name}`, () => {
      const imports = importsBelow(`${REPOSITORY}${name}/src`);
      assert.deepEqual(wrongImports(imports, floors), []);
      assert.deepEqual(circles(imports), []);
    });
  }
});

describe('the check of imports', () => {
  const floors = [['model'], ['judge', 'store'], ['.']];
  const wrong = (from: string, text: string) => wrongImports(importsOf(from, text), floors);

  it('names the import that goes up, or to a neighbour', () => {
    assert.deepEqual(wrong('store/runs.ts', "import { a } from '../model/run.ts';"), []);
    assert.deepEqual(wrong('store/runs.ts', "import type { A } from './a.ts';"), []);
    assert.deepEqual(wrong('main.ts', "export * from './judge/a.ts';"), []);
    assert.deepEqual(wrong('model/run.ts', "import type {\n  A,\n} from '../store/a.ts';"), [
      'model/run.ts imports store/a.ts: store is not below model',
    ]);
    assert.deepEqual(wrong('store/a.ts', "await import('../judge/a.ts');"), [
      'store/a.ts imports judge/a.ts: judge is not below store',
    ]);
    assert.deepEqual(wrong('store/a.ts', "export { a } from '../log.ts';"), [
      'store/a.ts imports log.ts: . is not below store',
    ]);
  });

  it('names a folder without a layer', () => {
    assert.deepEqual(wrong('new/a.ts', "import { a } from '../model/a.ts';"), [
      'new/a.ts: the folder new stands on no floor',
    ]);
    assert.deepEqual(wrong('main.ts', "import './new/a.ts';"), [
      'main.ts imports new/a.ts: new stands on no floor',
    ]);
  });

  it('finds cycles of files', () => {
    const at = (from: string, to: string) => ({ from, to });
    assert.deepEqual(circles([at('a', 'b'), at('b', 'c'), at('a', 'c')]), []);
    assert.deepEqual(circles([at('a', 'b'), at('b', 'c'), at('c', 'b')]), [['b', 'c']]);
    assert.deepEqual(circles([at('a', 'a')]), [['a']]);
  });
});
