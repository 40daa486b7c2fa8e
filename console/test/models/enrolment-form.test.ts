import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enrolmentRequest } from '../../src/models/enrolment-form.ts';

const fields = { agentId: ' win-1 ', address: '10.0.0.7 ', labels: '', targets: '' };

test('the texts of the form become a request', () => {
  assert.deepEqual(enrolmentRequest(fields), {
    agentId: 'win-1',
    address: '10.0.0.7',
    labels: {},
    targets: [],
  });
  const some = { ...fields, labels: 'os=win11, rack=a=b', targets: '10.0.0.0/8:7000, ::1' };
  assert.deepEqual(enrolmentRequest(some).labels, { os: 'win11', rack: 'a=b' });
  assert.deepEqual(enrolmentRequest(some).targets, ['10.0.0.0/8:7000', '::1']);
});

test('labels that are none, or given twice, are refused', () => {
  for (const labels of ['rack', 'Rack=a', 'a=1,a=2']) {
    assert.throws(() => enrolmentRequest({ ...fields, labels }), /Labels must be "name=value/);
  }
});
