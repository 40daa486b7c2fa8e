import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fleetFigures,
  fleetResult,
  histogram,
  madeLatencies,
} from '@oversoak/testing/builders/made-figures';
import { loadLines } from '../../src/view/load-lines.ts';

const lines = (changes: Parameters<typeof fleetFigures>[1]) =>
  loadLines([fleetResult(fleetFigures(1100, changes))]).filter((line) => /stood still/.test(line));

test('a fleet without stalls has no line about them', () => {
  assert.deepEqual(lines({}), []);
});

test('stalls and excluded messages have separate lines: each may occur without the other', () => {
  assert.deepEqual(lines({ stalls: { count: 1, seconds: 1.215 } }), [
    '          stood still for 20 ms or longer: once, 1.22 s of the measurement',
  ]);
  const zero = histogram(0);
  const latency = madeLatencies({ intended: zero, actual: zero, disturbed: histogram(7, 40) });
  const start = fleetFigures(100, { latency: { ...latency, disturbed: zero } });
  const disturbed = fleetFigures(1100, { load: { disturbed: 7 }, latency });
  const [line, ...more] = loadLines([fleetResult(disturbed, start)]).filter((each) =>
    /stood still/.test(each),
  );
  assert.match(
    line ?? '',
    /^ +stood still for 5 ms or longer while 7 messages were in flight or behind .*: /,
  );
  assert.deepEqual(more, []);
  const once = fleetFigures(1100, { load: { disturbed: 1 }, latency });
  const text = loadLines([fleetResult(once, start)]).join('\n');
  assert.match(text, / while 1 message was in flight or behind .*: /);
});

test("the fleet's own work, and what its system refused", () => {
  const own = (changes: Parameters<typeof fleetFigures>[1]) =>
    loadLines([fleetResult(fleetFigures(1100, changes))]).filter((line) =>
      /own|busiest/.test(line),
    );
  assert.deepEqual(own({ busySeconds: 1.25 }).slice(1), [
    '          its busiest thread had work for 13 % of the measurement',
  ]);
  const connectsRefused = { count: 1200, seconds: 3, reason: 'EMFILE (24)' };
  assert.equal(
    own({ connectsRefused })[2],
    '          its own system refused 1,200 connects: EMFILE (24)',
  );
});
