import { Command, Option } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';
import { differenceTextOf } from '../view/difference-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { columnsOption } from './columns-option.ts';
import { checkWritable, writeJson } from './json-file.ts';

type CompareOptions = ApiOptions & {
  json?: string;
  csv?: true;
  markdown?: true;
  columns?: ColumnName[];
};

export function compareCommand(context: Context): Command {
  return withApiOptions(
    new Command('compare')
      .argument('<id>', 'id of the soak; of two, the reference')
      .argument('[other]', 'the soak, baseline or cell to compare with it')
      .option('--json <file>', 'write the whole comparison to this file as well')
      .addOption(columnsOption())
      .addOption(new Option('--csv', 'print CSV instead').conflicts(['json', 'columns']))
      .addOption(
        new Option('--markdown', 'print the comparison of two as Markdown instead').conflicts([
          'json',
          'columns',
          'csv',
        ]),
      ),
  ).action(async (id: string, other: string | undefined, options: CompareOptions) => {
    context.exitCode =
      other === undefined
        ? await compareOne(context, id, options)
        : await compareTwo(context, id, other, options);
  });
}

async function compareOne(
  { config, terminal }: Context,
  soakId: string,
  options: CompareOptions,
): Promise<ExitCode> {
  if (options.markdown) throw new CannotRun('--markdown requires two soaks');
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

async function compareTwo(
  { config, terminal }: Context,
  left: string,
  right: string,
  options: CompareOptions,
): Promise<ExitCode> {
  if (options.columns !== undefined) {
    throw new CannotRun('--columns applies to the comparison of one soak');
  }
  const client = openClient(options, config);
  if (options.csv || options.markdown) {
    const accept = options.csv ? 'text/csv' : 'text/markdown';
    terminal.out.write(await client.differenceText(left, right, accept));
    return EXIT.passed;
  }
  if (options.json !== undefined) await checkWritable(options.json);
  const difference = await client.difference(left, right);
  print(terminal, differenceTextOf(difference, terminal.colors));
  if (options.json !== undefined) await writeJson(options.json, difference);
  return EXIT.passed;
}
