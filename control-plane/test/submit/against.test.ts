import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SoakSpec } from '@oversoak/contracts';
import { madeSpec, targetSpec } from '@oversoak/testing/builders/made-figures';
import { deriveBaseline } from '../../src/submit/against.ts';

const hold = (pinned: SoakSpec, spec: SoakSpec) =>
  deriveBaseline({ baseline: 'main', soakId: 'soak-1', spec: pinned }, spec);

/** What is wrong with holding the one against the other. */
function refusal(pinned: SoakSpec, spec: SoakSpec): string {
  const held = hold(pinned, spec);
  assert.ok('problems' in held, JSON.stringify(held));
  assert.deepEqual(
    held.problems.map(({ pointer }) => pointer),
    ['/against/baseline'],
  );
  return held.problems[0]?.detail ?? '';
}

describe('a spec compared with a baseline', () => {
  it('uses the server options and the workload of the pinned spec', () => {
    const { phases, workload } = madeSpec();
    const pinned = madeSpec({
      name: 'as it was',
      threads: { io: 3, content: 4 },
      workload: { ...workload, ratePerSecond: 900 },
      phases: { ...phases, measureSeconds: 9 },
      thresholds: ['echo.latency.p99 < 1us'],
      predictions: ['server.ioThreads = 3'],
      against: { baseline: 'older' },
      repeats: 9,
      seed: 4,
    });
    const spec = madeSpec({ name: 'tonight', repeats: 3, seed: 7, priority: 8 });
    const held = hold(pinned, spec);
    assert.ok('against' in held && held.against !== undefined);
    const { threads, workload: load, phases: theirs, ...rest } = held.against.spec;
    assert.deepEqual(
      [threads, load.ratePerSecond, theirs.measureSeconds],
      [{ io: 3, content: 4 }, 900, 9],
    );
    // The same arrivals, as often, in the same place of the queue; no threshold applies to them.
    const { name, repeats, seed, priority, thresholds } = rest;
    assert.deepEqual([name, repeats, seed, priority, thresholds], ['tonight', 3, 7, 8, []]);
    assert.ok(!('predictions' in rest) && !('against' in rest));
  });

  it('is refused if the two sides need different gangs, with the fields', () => {
    const { fleet } = madeSpec();
    const spec = madeSpec({
      fleet: { ...fleet, agents: 2 },
      placement: { server: { site: 'north' } },
    });
    assert.match(refusal(madeSpec(), spec), /same gang, .* differs in fleet\.agents, placement$/);
    assert.match(refusal(targetSpec(), madeSpec()), /differs in target$/);
  });

  it('is refused if the two have no cell in common, with the cells of both', () => {
    const other = madeSpec({ matrix: { notifier: ['event'], sessions: [10, 20] } });
    assert.equal(
      refusal(other, madeSpec()),
      '"main" (soak-1) has none of these cells: iocp.homo.10; it has: event.homo.10, event.homo.20',
    );
  });
});
