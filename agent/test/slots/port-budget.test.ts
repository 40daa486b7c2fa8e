import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neededPorts } from '@oversoak/contracts';
import { clientPorts, overBudget } from '../../src/slots/port-budget.ts';

describe('the budget of client ports', () => {
  it('is nine tenths of the dynamic ports, each held for the TIME_WAIT of the system', () => {
    assert.deepEqual(clientPorts(null), { budget: 14_745, timeWaitSeconds: 120 });
    assert.deepEqual(clientPorts('32768\t60999\n'), { budget: 25_408, timeWaitSeconds: 60 });
    assert.equal(clientPorts('nonsense').budget, 14_745);
  });

  const needed = (sessions: number, disconnectsPerSecond = 0) =>
    neededPorts({ sessions, disconnectsPerSecond, abortiveShare: 0, churnSeconds: 600 }, 120);

  it('is shared by the fleets of a machine', () => {
    assert.equal(overBudget(needed(5_000), 9_000, 14_745), null);
    assert.match(
      overBudget(needed(6_000), 9_000, 14_745) ?? '',
      /^6000 sessions in addition to 9000 ports of other fleets do not fit/,
    );
    assert.match(overBudget(needed(15_000), 0, 14_745) ?? '', /^15000 sessions do not fit/);
  });

  it('is exhausted by graceful churn', () => {
    assert.equal(overBudget(needed(1_000, 100), 0, 14_745), null);
    assert.equal(
      overBudget(needed(1_000, 120), 0, 14_745),
      '1000 sessions + 14400 ports in TIME_WAIT (120 graceful disconnects/s × 120 s) = 15400 ports ' +
        'do not fit the client port budget of 14745',
    );
  });
});
