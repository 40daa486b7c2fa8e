import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { overBudget, portBudget } from '../../src/slots/port-budget.ts';

describe('the budget of client ports', () => {
  it('is nine tenths of the dynamic ports', () => {
    assert.equal(portBudget(null), 14_745);
    assert.equal(portBudget('32768\t60999\n'), 25_408);
    assert.equal(portBudget('nonsense'), 14_745);
  });

  it('is shared by the fleets of a machine', () => {
    assert.equal(overBudget(5_000, 9_000, 14_745), null);
    assert.match(overBudget(6_000, 9_000, 14_745) ?? '', /6000 sessions in addition to 9000/);
    assert.match(overBudget(15_000, 0, 14_745) ?? '', /^15000 sessions do not fit/);
  });
});
