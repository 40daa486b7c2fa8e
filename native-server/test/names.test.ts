// What the addon counts by name has the names of contracts, in their order: one that is missing on
// either side is found here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FLEET_ERROR_CLASSES,
  SERVER_ERROR_CLASSES,
  STAGE_NAMES,
  UNSENT_CAUSE_NAMES,
} from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { startFleet, startServer } from '../src/index.ts';
import { here } from './notifiers.ts';

test('error classes, causes and stages are those of contracts', async () => {
  const host = '127.0.0.1';
  const server = startServer({ notifier: here('iocp'), layout: 'homo', host });
  try {
    const fleet = startFleet({ host, port: server.port, sessions: 1, pacing: 'closed' });
    try {
      await until('echoes', () => fleet.snapshot().ledger.echoed >= 10);
      assert.deepEqual(Object.keys(server.snapshot().errors), Object.keys(SERVER_ERROR_CLASSES));
      const { errors, measured } = fleet.snapshot();
      assert.deepEqual(Object.keys(errors), Object.keys(FLEET_ERROR_CLASSES));
      assert.deepEqual(Object.keys(measured.load.unsent), UNSENT_CAUSE_NAMES);
      assert.deepEqual(Object.keys(measured.stages[0] ?? {}), [
        'atLeastNs',
        'count',
        ...STAGE_NAMES,
      ]);
      assert.deepEqual(Object.keys(fleet.takeSlowest()[0]?.stagesNs ?? {}), STAGE_NAMES);
    } finally {
      await fleet.stop();
    }
  } finally {
    await server.stop();
  }
});
