import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { validateSchedule } from '../../src/schedules/validate.ts';
import { validateSpec } from '../../src/submit/validate.ts';

const spec = submittedSpec();
const schedule = { cron: '0 2 * * *', timeZone: 'UTC', spec };

test('a valid file of another kind is one problem wherever it is given', () => {
  for (const checked of [validateSpec(schedule), validateSchedule(spec), compileProtocol(spec)]) {
    assert.ok('problems' in checked);
    assert.equal(checked.problems.length, 1);
    assert.match(checked.problems[0]?.detail ?? '', /^this is a (soak|schedule), not /);
  }
});
