import { Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { print } from '../terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { columnsOption } from './columns-option.ts';
import { checkWritable, writeJson } from './json-file.ts';

type CompareOptions = ApiOptions & { json?: string; csv?: true; columns?: ColumnName[] };

export function compareCommand(context: Context): Command {
  return withApiOptions(
    new Command('compare')
      .description('show the comparison of a soak; one that is not done yet has exit code 2')
      .argument('<id>', 'of the soak')
      .option('--json <file>', 'write the whole comparison to this file as well')
      .addOption(columnsOption())
      .addOption(new Option('--csv', 'print it as CSV instead').conflicts(['json', 'columns'])),
  ).action(async (soakId: string, options: CompareOptions) => {
    context.exitCode = await compare(context, soakId, options);
  });
}

async function compare(
  { config, terminal }: Context,
  soakId: string,
  options: CompareOptions,
): Promise<ExitCode> {
  const client = openClient(options, config);
  if (options.csv) {
    terminal.out.write(await client.comparisonCsv(soakId));
    return EXIT.passed;
  }
  if (options.json !== undefined) await checkWritable(options.json);
  const comparison = await client.comparison(soakId);
  const { columns } = options;
  print(terminal, comparisonText(comparison, terminal.columns(), terminal.colors, columns));
  if (options.json !== undefined) await writeJson(options.json, comparison);
  return exitCodeOf(comparison.verdict);
}
