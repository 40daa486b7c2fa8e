import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stackFiles } from './files.ts';
import { filtersOf, RULES_OF_BOARDS } from './rules.ts';

const files = stackFiles();

describe('the dashboards', () => {
  for (const { name, faults } of RULES_OF_BOARDS) {
    it(`${name}`, () => assert.deepEqual(faults(files), []));
  }
});

describe('a fault is found that breaks the rule that', () => {
  for (const { name, faults, plants } of RULES_OF_BOARDS) {
    it(`${name}`, () => {
      assert.ok(plants.length > 0);
      for (const [index, plant] of plants.entries()) {
        assert.notDeepEqual(faults(plant(files)), [], `planted fault ${index}`);
      }
    });
  }

  it('names the variables that a selector is filtered by', () => {
    assert.deepEqual(filtersOf('a{x=~"$soak", y=~"$run"} / b{x=~"$soak"}'), ['run soak', 'soak']);
  });
});
