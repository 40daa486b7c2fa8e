import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neededPorts } from '../../src/index.ts';

describe('the client ports that a fleet needs', () => {
  const fleet = { sessions: 100, disconnectsPerSecond: 0, abortiveShare: 0, churnSeconds: 3600 };

  it('are its sessions without churn', () => {
    assert.deepEqual(neededPorts(fleet, 120), { ports: 100, text: '100 sessions' });
  });

  it('are also those of graceful disconnects, for as long as TIME_WAIT lasts', () => {
    assert.deepEqual(neededPorts({ ...fleet, disconnectsPerSecond: 50 }, 120), {
      ports: 6_100,
      text: '100 sessions + 6000 ports in TIME_WAIT (50 graceful disconnects/s × 120 s) = 6100 ports',
    });
  });

  it('are none for resets, nor for churn in a soak that is too short', () => {
    const resets = { ...fleet, disconnectsPerSecond: 50, abortiveShare: 1 };
    assert.equal(neededPorts(resets, 120).ports, 100);
    const short = { ...fleet, disconnectsPerSecond: 50, abortiveShare: 0.5, churnSeconds: 10 };
    assert.equal(neededPorts(short, 120).ports, 100 + 250);
  });
});
