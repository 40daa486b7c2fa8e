import type { Verdict } from '@oversoak/contracts';

/** Exit codes of the `oversoak` command. */
export const EXIT = {
  passed: 0,
  failed: 1,
  /** Inconclusive, cancelled, interrupted, or could not run. */
  noVerdict: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, for every command; in the help and in docs/reference/commands.md. */
export const EXIT_CODES: Record<ExitCode, string> = {
  [EXIT.passed]: 'passed; or the command succeeded',
  [EXIT.failed]:
    'failed: the server under test missed a threshold; `trend` and `--fail-on regression`: a ' +
    "regression; `probe`: a probe's claim does not hold; `protocol try`: the server's answers do not fit",
  [EXIT.noVerdict]:
    'inconclusive, cancelled, interrupted, not done yet, nothing to compare, or the command could ' +
    'not run',
};

/** `null`: the soak is not done yet. */
export function exitCodeOf(verdict: Verdict | null): ExitCode {
  if (verdict === 'passed') return EXIT.passed;
  if (verdict === 'failed') return EXIT.failed;
  return EXIT.noVerdict;
}

/** A failure outweighs unknown outcomes. */
export function worstOf(...codes: ExitCode[]): ExitCode {
  if (codes.includes(EXIT.failed)) return EXIT.failed;
  return codes.includes(EXIT.noVerdict) ? EXIT.noVerdict : EXIT.passed;
}
