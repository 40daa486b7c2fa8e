import { EXIT, type ExitCode } from './exit-code.ts';
import { systemReason } from './failure.ts';
import type { Interrupts } from './interrupts.ts';

/**
 * Ends the process when one of its outputs takes no more: what has installed its interrupts stops in
 * order, so that it leaves no cluster behind; anything else ends at once. A reader that has seen
 * enough, as `head` has, is no failure; an output that is full is one, and leaves no verdict.
 * @returns the exit code of the process, given that of the command
 */
export function endWithOutputs(interrupts: Interrupts): (code: ExitCode) => ExitCode {
  const failed = new Set<string>();
  const ended = (output: string, error: NodeJS.ErrnoException) => {
    const isClosed = error.code === 'EPIPE';
    if (!isClosed && !failed.has(output)) {
      failed.add(output);
      // The error of a last line may come after the command's own exit code.
      process.exitCode = EXIT.noVerdict;
      process.stderr.write(`oversoak: cannot write to the ${output}: ${systemReason(error)}\n`);
    }
    if (output === 'standard output' && interrupts.isInstalled) {
      interrupts.abort(isClosed ? 'a closed output' : 'a full output');
    } else {
      process.exit(isClosed ? (process.exitCode ?? EXIT.noVerdict) : EXIT.noVerdict);
    }
  };
  process.stdout.on('error', (error) => ended('standard output', error));
  process.stderr.on('error', (error) => ended('standard error', error));
  return (code) => (failed.size > 0 ? EXIT.noVerdict : code);
}
