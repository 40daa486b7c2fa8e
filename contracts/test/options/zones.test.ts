import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '../../src/index.ts';
import { plannedDeliveries, tickProblems, Zones, zoneProblems } from '../../src/options/zones.ts';

const zones = {
  ...{ size: 50, share: 1, ticksPerSecond: 0, tickBytes: 256 },
  policy: 'close',
} as const;
const sessions = 100;

test('defaults, and what the schema refuses', () => {
  assert.deepEqual(validate(Zones, { size: 50 }), { value: zones });
  for (const wrong of [
    {},
    { size: 1 },
    { size: 501 },
    { size: 2.5 },
    { size: 50, share: -0.1 },
    { size: 50, ticksPerSecond: -1 },
    { size: 50, ticksPerSecond: 1001 },
    { size: 50, ticksPerSecond: 20, tickBytes: 63 },
    { size: 50, ticksPerSecond: 20, tickBytes: 16_385 },
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
  assert.deepEqual(plannedDeliveries({ zones, ratePerSecond: 400, sessions }), {
    ...{ perSecond: 20_000, ofMessages: 20_000, ofTicks: 0 },
    text: 'ratePerSecond 400 × zones.share 1 × zones.size 50 = 20,000 deliveries per second',
  });
  assert.equal(
    plannedDeliveries({ zones: { ...zones, share: 0.1 }, ratePerSecond: 30, sessions })?.perSecond,
    150,
  );
  assert.equal(plannedDeliveries({ ratePerSecond: 400, sessions }), null);
  assert.equal(plannedDeliveries({ zones, sessions }), null);
});

test('ticks go to every session, whatever the rate of the messages', () => {
  const ticking = { ...zones, ticksPerSecond: 20 };
  assert.deepEqual(plannedDeliveries({ zones: ticking, ratePerSecond: 40, sessions }), {
    ...{ perSecond: 4000, ofMessages: 2000, ofTicks: 2000 },
    text: 'ratePerSecond 40 × zones.share 1 × zones.size 50 + 100 sessions × zones.ticksPerSecond 20 = 4,000 deliveries per second',
  });
});

test("a tick that does not fit into a session's queue is refused", () => {
  const of = (tickBytes: number, ticksPerSecond = 20) =>
    tickProblems({ policy: 'drop', ticksPerSecond, tickBytes }, 1024);
  assert.deepEqual(of(996), []);
  assert.deepEqual(of(997), [
    {
      pointer: '/tickBytes',
      detail: 'a delivery of it has 1025 bytes, and sendQueueBytes is 1024; at most 996',
    },
  ]);
});

test('a size of ticks without ticks is refused, and both are named', () => {
  const of = (tickBytes: number, ticksPerSecond: number) =>
    tickProblems({ policy: 'drop', ticksPerSecond, tickBytes }, 65_536);
  assert.deepEqual(of(256, 0), [], 'the default');
  assert.deepEqual(of(512, 1), []);
  assert.deepEqual(of(512, 0), [
    {
      pointer: '/tickBytes',
      detail:
        'is 512, and ticksPerSecond is 0: there are no ticks to have a size; set ticksPerSecond, or leave tickBytes out',
    },
  ]);
});

test('what it cannot express is named with its place', () => {
  const problems = (...[workload, protocol]: Parameters<typeof zoneProblems>) =>
    zoneProblems(workload, protocol).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const open = { pacing: 'constant', ratePerSecond: 400, sessions, zones };
  assert.deepEqual(problems({ pacing: 'closed', sessions }, 'raw'), []);
  assert.deepEqual(problems(open, 'oversoak'), []);
  assert.deepEqual(problems({ ...open, ratePerSecond: 20_000 }, 'oversoak'), [], 'at the bound');
  assert.deepEqual(problems({ ...open, ratePerSecond: 20_001 }, 'oversoak'), [
    '/zones ratePerSecond 20001 × zones.share 1 × zones.size 50 = 1,000,050 deliveries per second; at most 1,000,000',
  ]);
  const ticking = { ...zones, ticksPerSecond: 1000, share: 0 };
  assert.deepEqual(problems({ ...open, zones: ticking, sessions: 1000 }, 'oversoak'), []);
  assert.deepEqual(problems({ ...open, zones: ticking, sessions: 1050 }, 'oversoak'), [
    '/zones ratePerSecond 400 × zones.share 0 × zones.size 50 + 1050 sessions × zones.ticksPerSecond 1000 = 1,050,000 deliveries per second; at most 1,000,000',
  ]);
  assert.deepEqual(problems({ ...open, zones: { ...zones, share: 0 } }, 'oversoak'), [
    '/zones/share is 0, and so is ticksPerSecond: nothing would go to a zone; valid: above 0 to 1',
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
