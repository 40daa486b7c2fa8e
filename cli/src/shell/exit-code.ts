import type { Verdict } from '@oversoak/contracts';

/** Exit codes of the `oversoak` command. */
export const EXIT = {
  passed: 0,
  failed: 1,
  /** Inconclusive, cancelled, interrupted, or could not run. */
  noVerdict: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** `null`: the soak is not done yet. */
export function exitCodeOf(verdict: Verdict | null): ExitCode {
  if (verdict === 'passed') return EXIT.passed;
  if (verdict === 'failed') return EXIT.failed;
  return EXIT.noVerdict;
}
