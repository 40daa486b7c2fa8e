import assert from 'node:assert/strict';

const KIB_PER_MIB = 1024;
const MEMORY_MIB = 512;

/** How many a suite makes: OVERSOAK_FUZZ_INPUTS in the long tests, a few in the fast ones. */
export function fuzzInputs(few: number): number {
  return Number(process.env.OVERSOAK_FUZZ_INPUTS ?? few);
}

/** Printed; set it to see the same inputs again. */
export const SEED = Date.now() % 2 ** 31;

/** The most that the process of a suite had at any time, the suite included. */
export function requireLittleMemory(): void {
  const peakMiB = process.resourceUsage().maxRSS / KIB_PER_MIB;
  assert.ok(peakMiB < MEMORY_MIB, `${peakMiB.toFixed(0)} MiB`);
}
