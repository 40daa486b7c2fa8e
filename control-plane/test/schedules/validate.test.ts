import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { validateSchedule } from '../../src/schedules/validate.ts';
import { readYaml } from '../../src/submit/read-spec.ts';

test('the preset is a valid schedule', () => {
  const file = `${REPOSITORY}presets/nightly.yaml`;
  const read = readYaml(readFileSync(file, 'utf8'));
  assert.ok('value' in read);
  const valid = validateSchedule(read.value);
  assert.ok('schedule' in valid, JSON.stringify(valid));
  const { enabled, spec } = valid.schedule;
  assert.deepEqual([enabled, spec.matrix.layout], [true, ['hetero']]);
});
