import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NATIVE_FLOORS } from '../src/floors.ts';
import { circles, type Import, wrongImports } from '../src/imports.ts';
import { foldersOf, includesBelow, includesOf } from '../src/includes.ts';
import { REPOSITORY } from '../src/repository.ts';

const includes = includesBelow(`${REPOSITORY}native-server/src`);

/** What the check says when a line is planted in a source. */
function planted(file: string, line: string): { wrong: string[]; inCircles: string[][] } {
  const all: Import[] = [...includes, ...includesOf(file, `#pragma once\n\n${line}\n`)];
  return { wrong: wrongImports(all, NATIVE_FLOORS), inCircles: circles(foldersOf(all)) };
}

describe('includes of the native core', () => {
  it('go down', () => {
    assert.deepEqual(wrongImports(includes, NATIVE_FLOORS), []);
  });

  it('have no cycles of folders', () => {
    assert.deepEqual(circles(foldersOf(includes)), []);
  });

  it('cover every folder that has a layer', () => {
    const folders = foldersOf(includes).flatMap(({ from, to }) => [from, to]);
    assert.deepEqual([...new Set(folders)].sort(), NATIVE_FLOORS.flat().sort());
  });
});

describe('the check of includes', () => {
  it('names the file and line of an upward include, and finds cycles of folders', () => {
    const { wrong, inCircles } = planted('metrics/clock.h', '#include "server/server.h"');
    assert.deepEqual(wrong, [
      'metrics/clock.h:3 imports server/server.h: server is not below metrics',
    ]);
    assert.ok(inCircles.length > 0);
    for (const circle of inCircles) {
      assert.ok(circle.includes('metrics') && circle.includes('server'), circle.join(' -> '));
    }
  });

  it('names an include of a sibling and one of a new folder', () => {
    assert.deepEqual(planted('fleet/fleet.h', '#include "server/server.h"').wrong, [
      'fleet/fleet.h:3 imports server/server.h: server is not below fleet',
    ]);
    assert.deepEqual(planted('fleet/fleet.h', '#include "rio/rio.h"').wrong, [
      'fleet/fleet.h:3 imports rio/rio.h: rio stands on no floor',
    ]);
  });

  it('ignores includes of the system and those within a folder', () => {
    const clean = planted('metrics/clock.h', '#include <vector>\n# include "metrics/counter.h"');
    assert.deepEqual(clean, { wrong: [], inCircles: [] });
  });
});
