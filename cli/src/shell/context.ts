import type { Config } from './config.ts';
import type { ExitCode } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import type { Terminal } from './terminal.ts';

/** What every command receives. */
export interface Context {
  config: Config;
  terminal: Terminal;
  interrupts: Interrupts;
  /** Set by the executed command. */
  exitCode: ExitCode;
}
