import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { momentsOf, phaseAt, timelineOf } from '../../src/host/timeline.ts';

const timeline = timelineOf({
  rampUpSeconds: 1,
  warmUpSeconds: 1.5,
  measureSeconds: 2.5,
  drainSeconds: 5,
});

describe('the timeline of a run', () => {
  it('reads figures at the ends of the measurement and its windows, and samples every second', () => {
    const moments = [...momentsOf(timeline)].map(({ what, atSeconds }) => `${what} ${atSeconds}`);
    assert.deepEqual(moments, [
      'sample 1',
      'sample 2',
      'measureStart 2.5',
      'sample 3',
      'windowEnd 3.5',
      'sample 4',
      'windowEnd 4.5',
      'measureEnd 5',
    ]);
  });

  it('returns the phase of every time', () => {
    const phases = [0, 0.9, 1, 2.4, 2.5, 4.9, 5, 60].map((at) => phaseAt(at, timeline));
    assert.deepEqual(phases, [
      'ramping',
      'ramping',
      'warming',
      'warming',
      'measuring',
      'measuring',
      'draining',
      'draining',
    ]);
  });

  it('lets a server wait three seconds longer than the longest drain', () => {
    assert.equal(timeline.serverStopSeconds, 13);
  });
});
