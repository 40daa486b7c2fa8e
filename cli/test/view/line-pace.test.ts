import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineIsDue } from '../../src/view/line-pace.ts';

/** Seconds since the first line at which lines come, if somebody asks every second. */
function linesWithin(seconds: number, minSeconds = 0): number[] {
  const lines: number[] = [];
  let lastMs = 0;
  for (let nowMs = 1_000; nowMs <= seconds * 1_000; nowMs += 1_000) {
    if (!lineIsDue({ firstMs: 0, lastMs, nowMs }, minSeconds)) continue;
    lines.push(nowMs / 1_000);
    lastMs = nowMs;
  }
  return lines;
}

describe('progress lines of a running soak', () => {
  it('appear every five seconds at first, then every minute, then every ten', () => {
    const lines = linesWithin(2 * 3600);
    assert.deepEqual(lines.slice(0, 3), [5, 10, 15]);
    const gaps = new Set(lines.map((at, index) => at - (lines[index - 1] ?? 0)));
    assert.deepEqual([...gaps], [5, 60, 600]);
    assert.deepEqual(
      lines.filter((at) => at > 290 && at < 500),
      [295, 355, 415, 475],
    );
  });

  it('are few in a night', () => {
    assert.ok(linesWithin(8 * 3600).length < 170, String(linesWithin(8 * 3600).length));
  });

  it('never appear more often than the interval', () => {
    assert.deepEqual(linesWithin(200, 60), [60, 120, 180]);
    assert.equal(linesWithin(4200, 60).at(-1), 3540 + 600);
  });
});
