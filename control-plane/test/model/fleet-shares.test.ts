import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fleetShares } from '../../src/model/fleet-shares.ts';

const zones = (size: number) =>
  ({ size, share: 1, policy: 'close', ticksPerSecond: 0, tickBytes: 256 }) as const;

describe('fleetShares', () => {
  it('splits sessions evenly', () => {
    assert.deepEqual(fleetShares(7, { fleet: { agents: 3 }, workload: {} }), [3, 2, 2]);
  });

  it('splits whole zones', () => {
    const shares = (sessions: number, agents: number, size: number) =>
      fleetShares(sessions, { fleet: { agents }, workload: { zones: zones(size) } });
    assert.deepEqual(shares(200, 1, 50), [200]);
    assert.deepEqual(shares(200, 3, 50), [100, 50, 50]);
    assert.deepEqual(shares(6, 2, 2), [4, 2]);
  });

  it('leaves out no session and starts each fleet with a zone of its own', () => {
    for (const [sessions, agents, size] of [
      [1040, 7, 13],
      [128, 64, 2],
      [1500, 2, 500],
    ] as const) {
      const shares = fleetShares(sessions, { fleet: { agents }, workload: { zones: zones(size) } });
      assert.equal(
        shares.reduce((sum, share) => sum + share, 0),
        sessions,
      );
      assert.ok(shares.every((share) => share > 0));
      let first = 0;
      for (const share of shares) {
        assert.equal(first % size, 0);
        first += share;
      }
    }
  });
});
