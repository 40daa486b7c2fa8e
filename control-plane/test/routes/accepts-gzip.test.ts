import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptsGzip } from '../../src/routes/accepts-gzip.ts';

test('gzip is accepted where it is named with a weight above 0', () => {
  for (const header of [
    'gzip',
    'br, GZIP',
    'deflate, gzip;q=0.5',
    'gzip ; q=1.0 , br',
    'gzip;q=.1',
  ]) {
    assert.equal(acceptsGzip(header), true, header);
  }
  for (const header of [undefined, '', 'br', 'gzip;q=0', 'gzip;q=0.000', 'xgzip', 'gzip;q=x']) {
    assert.equal(acceptsGzip(header), false, header);
  }
});

test('a header takes time in proportion to its length, however it is made', () => {
  const took = (header: string) => {
    const startMs = performance.now();
    for (let times = 0; times < 20; times += 1) acceptsGzip(header);
    return performance.now() - startMs;
  };
  for (const make of [
    (length: number) => `,${' '.repeat(length)}x`,
    (length: number) => `gzip;q=0.${'0'.repeat(length)}x`,
    (length: number) => `gzip${' '.repeat(length)}x`,
  ]) {
    took(make(1000));
    // A hundred times as long: a square would take 10,000 times as long.
    const ratio = took(make(200_000)) / Math.max(took(make(2000)), 0.05);
    assert.ok(ratio < 3000, `${make(3)}: ${ratio} times`);
  }
});
