import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseThreshold, SoakSpec, validate } from '@oversoak/contracts';
import { parse } from 'yaml';
import { quickSpec } from '../src/spec/quick.ts';

const folder = fileURLToPath(new URL('../../../presets/', import.meta.url));
const files = readdirSync(folder);

const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8'));

/** With the defaults filled in, as the control plane does. */
function valid(given: unknown): SoakSpec {
  const checked = validate(SoakSpec, given);
  if ('problems' in checked) assert.fail(JSON.stringify(checked.problems));
  return checked.value;
}

test('the presets are the ones that the documentation names', () => {
  assert.deepEqual(files.sort(), ['demo.yaml', 'echo-dummy.yaml', 'models-at-5000.yaml']);
});

for (const file of files) {
  test(`${file} is a valid soak, in full and quick`, () => {
    const given = read(file);
    const spec = valid(given);
    assert.equal(`${spec.name}.yaml`, file);
    for (const text of spec.thresholds) assert.ok('threshold' in parseThreshold(text), text);
    const openLoop = spec.workload.pacing !== 'closed';
    assert.equal(spec.workload.ratePerSecond !== undefined, openLoop);
    assert.equal(valid(quickSpec(given)).repeats, 1);
  });
}

test('the demo compares the three overlapped models twice and takes less than three minutes', () => {
  const { matrix, phases, repeats } = valid(read('demo.yaml'));
  assert.deepEqual(matrix.notifier, ['iocp', 'completion-routine', 'event']);
  assert.equal(repeats, 2);
  const { rampUpSeconds, warmUpSeconds, measureSeconds, drainSeconds } = phases;
  const runSeconds = rampUpSeconds + warmUpSeconds + measureSeconds + drainSeconds;
  // Preparing and judging a run takes a few seconds more.
  assert.ok(matrix.notifier.length * repeats * (runSeconds + 5) < 180);
});
