import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  fleetResult,
  fleetWindows,
  madeResult,
  madeSpec,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { judge, thresholdsOf } from '../../src/judge/judge.ts';
import { judgeInWorker } from '../../src/judge/judge-in-worker.ts';

/** A run with windows, of which the last ones are slow. */
const windowed = (thresholds: string[]) =>
  madeResult({
    spec: madeSpec({ thresholds }),
    server: { ...serverResult(), series: { windowSeconds: 1, windows: serverWindows(10) } },
    fleets: {
      'agent-b': {
        ...fleetResult(),
        series: {
          windowSeconds: 1,
          windows: fleetWindows(10, (index) => ({ latencyMs: index < 8 ? 2 : 500 })),
        },
      },
    },
  });

describe('a judgement in a thread', () => {
  for (const thresholds of [[], ['echo.latency.p99 < 50ms every 1s']]) {
    it(`is the same by ${JSON.stringify(thresholds)}`, async () => {
      const result = windowed(thresholds);
      const judged = judge(result, thresholdsOf(thresholds), null);
      assert.deepEqual(await judgeInWorker(result, null, 9), judged);
      assert.deepEqual(await judgeInWorker(result, null), judged);
    });
  }

  it('knows how a run ended', async () => {
    const ending = { verdict: 'cancelled' as const, reason: 'by request' };
    const { judgement } = await judgeInWorker(windowed([]), ending, 9);
    assert.deepEqual(judgement, {
      verdict: 'cancelled',
      reasons: ['by request'],
      loadSound: false,
    });
  });

  it('fails as the judge does', async () => {
    for (const fewWindows of [9, 10]) {
      const judging = judgeInWorker(windowed(['no threshold']), null, fewWindows);
      await assert.rejects(judging, /stored threshold "no threshold"/);
    }
  });

  it('does not block the event loop', async () => {
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    await judgeInWorker(windowed([]), null, 9);
    clearInterval(counting);
    assert.ok(turns > 0);
  });
});
