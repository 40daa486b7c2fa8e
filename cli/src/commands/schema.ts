import { fileSchema, WRITTEN_FILES, type WrittenFile } from '@oversoak/contracts';
import { Argument, Command } from 'commander';
import { jsonText } from '../output/destination.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';

export function schemaCommand(context: Context): Command {
  const names = Object.keys(WRITTEN_FILES);
  return new Command('schema')
    .addArgument(new Argument('[file]', 'which file it is of').choices(names).default('soak'))
    .action((file: WrittenFile) => {
      context.terminal.out.write(jsonText(fileSchema(file)));
      context.exitCode = EXIT.passed;
    });
}
