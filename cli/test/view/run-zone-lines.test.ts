import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FleetFigures } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  histogram,
  madeResult,
  serverFigures,
  serverResult,
} from '@oversoak/testing/builders/made-figures';
import { serverZones } from '@oversoak/testing/builders/made-zones';
import { runZoneLines } from '../../src/view/run-zone-lines.ts';

type Ticks = NonNullable<NonNullable<FleetFigures['measured']['deliveries']>['ticks']>;

test('a run without zones, or without a result, has no line about them', () => {
  assert.deepEqual(runZoneLines(madeResult()), []);
  assert.deepEqual(runZoneLines(null), []);
});

test('the zones of a run: what was sent, left out and measured', () => {
  const zones = serverZones(1100, { replaced: 7 });
  const deliveries = { count: 1000, untimed: 20, latency: histogram(1000, 4) };
  const counted = { joins: 100, leaves: 0, deliveries: 54_993, own: 1100, ticks: 0, skipped: 7 };
  const lines = runZoneLines(
    madeResult({
      server: serverResult(serverFigures(1100, { more: { zones } })),
      fleets: {
        'agent-b': fleetResult(fleetFigures(1100, { zones: counted, deliveries })),
      },
    }),
  );
  assert.deepEqual(lines, [
    'Zones     1,100 broadcasts, 55,000 deliveries queued, 2,200 mailbox messages',
    '          54,993 deliveries came, 1,100 of them to their sender; left out by policy: 7 replaced, told to the members: 7',
    '          backlog of the slowest member: 8,192 B at most; payloads alive at once: 12 at most',
    '          until a member has it: p50 4.00 ms, p99 4.00 ms, max 4.00 ms',
    '          20 deliveries are in no latency',
  ]);
});

test('ticks have lines where a server has some, and say why they have no latency', () => {
  const linesOf = (ticks: Ticks) => {
    const zones = serverZones(0, { ticks: 400, ticksSkipped: 3, copies: 20_000 });
    const deliveries = { count: 0, untimed: 0, latency: histogram(0), ticks };
    const counted = { joins: 100, leaves: 0, deliveries: 20_000, own: 0, skipped: 0 };
    const figures = fleetFigures(1100, { zones: { ...counted, ticks: 20_000 }, deliveries });
    const lines = runZoneLines(
      madeResult({
        server: serverResult(serverFigures(1100, { more: { zones } })),
        fleets: { 'agent-b': fleetResult(figures) },
      }),
    );
    return lines.slice(lines.findIndex((line) => line.includes('ticks')));
  };
  const counts = '          400 ticks, 3 skipped; 20,000 deliveries of ticks came';
  assert.deepEqual(
    linesOf({ count: 19_990, untimed: 10, clock: 'shared', latency: histogram(19_990, 2) }),
    [
      counts,
      '          from a tick until a member has it: p50 2.00 ms, p99 2.00 ms, max 2.00 ms',
      '          10 deliveries of ticks are in no latency',
    ],
  );
  assert.deepEqual(linesOf({ count: 0, untimed: 20_000, clock: 'other' }), [
    counts,
    '          20,000 deliveries of ticks are in no latency: server and fleet read two clocks',
  ]);
});
