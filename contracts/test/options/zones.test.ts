import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '../../src/index.ts';
import { plannedDeliveries, Zones, zoneProblems } from '../../src/options/zones.ts';

const zones = { size: 50, share: 1, policy: 'close' } as const;

test('defaults, and what the schema refuses', () => {
  assert.deepEqual(validate(Zones, { size: 50 }), { value: zones });
  for (const wrong of [
    {},
    { size: 1 },
    { size: 501 },
    { size: 2.5 },
    { size: 50, share: 0 },
    { size: 50, share: 1.1 },
    { size: 50, policy: 'wait' },
    { size: 50, zones: 3 },
  ]) {
    assert.ok('problems' in validate(Zones, wrong), JSON.stringify(wrong));
  }
  const refused = validate(Zones, { size: 50, policy: 'wait' });
  assert.ok('problems' in refused);
  assert.match(
    refused.problems[0]?.detail ?? '',
    /close.*drop.*newest/,
    'the valid ones are named',
  );
});

test('deliveries per second are planned with their calculation', () => {
  assert.deepEqual(plannedDeliveries({ zones, ratePerSecond: 400 }), {
    perSecond: 20_000,
    text: 'ratePerSecond 400 × zones.share 1 × zones.size 50 = 20,000 deliveries per second',
  });
  assert.equal(
    plannedDeliveries({ zones: { ...zones, share: 0.1 }, ratePerSecond: 30 })?.perSecond,
    150,
  );
  assert.equal(plannedDeliveries({ ratePerSecond: 400 }), null);
  assert.equal(plannedDeliveries({ zones }), null);
});

test('what it cannot express is named with its place', () => {
  const problems = (...[workload, protocol]: Parameters<typeof zoneProblems>) =>
    zoneProblems(workload, protocol).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const open = { pacing: 'constant', ratePerSecond: 400, zones };
  assert.deepEqual(problems({ pacing: 'closed' }, 'raw'), []);
  assert.deepEqual(problems(open, 'oversoak'), []);
  assert.deepEqual(problems({ ...open, ratePerSecond: 20_000 }, 'oversoak'), [], 'at the bound');
  assert.deepEqual(problems({ ...open, ratePerSecond: 20_001 }, 'oversoak'), [
    '/zones ratePerSecond 20001 × zones.share 1 × zones.size 50 = 1,000,050 deliveries per second; at most 1,000,000',
  ]);
  assert.deepEqual(problems(open, 'echo8'), [
    '/zones is for the protocol "oversoak" only; it is "echo8", which has no zones',
  ]);
  assert.match(
    problems({ ...open, pacing: 'closed' }, 'oversoak').join(),
    /^\/zones is for an open/,
  );
  assert.deepEqual(problems({ ...open, responseBytes: 128 }, 'oversoak'), [
    '/responseBytes not with zones: a delivery has the size of its message',
  ]);
});
