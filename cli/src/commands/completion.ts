import { Argument, Command } from 'commander';
import { SHELLS, type Shell } from '../completion/scripts.ts';
import { completionTree } from '../completion/tree.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';

/** `whole`: the program with every command loaded. */
export function completionCommand(context: Context, whole: () => Promise<Command>): Command {
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(Object.keys(SHELLS)))
    .action(async (shell: Shell) => {
      context.terminal.out.write(SHELLS[shell](completionTree(await whole())));
      context.exitCode = EXIT.passed;
    });
}
