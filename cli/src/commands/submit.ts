import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { readSpecText } from '../spec/read-spec.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { attach } from './attach.ts';
import { columnsOption } from './columns-option.ts';
import { submittedText } from './submitted-text.ts';

type SubmitOptions = ApiOptions & { watch?: true; columns?: ColumnName[] };

export function submitCommand(context: Context): Command {
  return withApiOptions(
    new Command('submit')
      .argument('<file>', 'a soak as YAML, or as JSON in a .json file')
      .option('--watch', 'show the progress and then the comparison; Ctrl-C asks what to do')
      .addOption(columnsOption()),
  ).action(async (file: string, options: SubmitOptions) => {
    context.exitCode = await submit(context, file, options);
  });
}

async function submit(context: Context, file: string, options: SubmitOptions): Promise<ExitCode> {
  const { watch, columns } = options;
  if (columns !== undefined && !watch) {
    throw new CannotRun('--columns needs --watch');
  }
  const client = openClient(options, context.config);
  const { soakId, runs } = await client.submit(await readSpecText(file));
  print(context.terminal, submittedText(soakId, runs.length));
  return watch ? attach(context, client, soakId, columns) : EXIT.passed;
}
