import { Command } from 'commander';
import { differenceJunit } from '../output/junit.ts';
import { Outputs } from '../output/outputs.ts';
import { regressionCode, regressionLines, requireBaseline } from '../output/regression.ts';
import type { Context } from '../shell/context.ts';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { differenceTextOf } from '../view/difference-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { type ReportOptions, regressionNote, reportSoak, withReport } from './report-soak.ts';

type CompareOptions = ApiOptions & ReportOptions;

export function compareCommand(context: Context): Command {
  return withApiOptions(
    withReport(
      new Command('compare')
        .argument('<id>', 'id of the soak; of two, the reference')
        .argument('[other]', 'the soak, baseline or cell to compare with it'),
    ),
  ).action(async (id: string, other: string | undefined, options: CompareOptions) => {
    const outputs = await Outputs.open(context, options);
    context.exitCode =
      other === undefined
        ? await compareOne(context, outputs, id, options)
        : await compareTwo(context, outputs, { left: id, right: other }, options);
  });
}

async function compareOne(
  { config }: Context,
  outputs: Outputs,
  id: string,
  options: CompareOptions,
): Promise<ExitCode> {
  const client = openClient(options, config);
  const soakId = await client.soakIdOf(id);
  if (options.failOn !== undefined) requireBaseline((await client.soak(soakId)).against);
  return reportSoak(outputs, client, soakId, options);
}

async function compareTwo(
  { config }: Context,
  outputs: Outputs,
  given: { left: string; right: string },
  options: CompareOptions,
): Promise<ExitCode> {
  if (options.columns !== undefined) {
    throw new CannotRun('--columns applies to the comparison of one soak');
  }
  const failing = options.failOn !== undefined;
  const client = openClient(options, config);
  const left = await client.selectorOf(given.left);
  const right = await client.selectorOf(given.right);
  const difference = await client.difference(left, right);
  const { cells } = difference;
  print(outputs.terminal, differenceTextOf(difference, outputs.terminal.colors));
  await outputs.write({
    json: difference,
    csv: () => client.differenceText(left, right, 'text/csv'),
    markdown: () => client.differenceText(left, right, 'text/markdown'),
    junit: () => differenceJunit(difference, failing),
    html: () => client.differenceText(left, right, 'text/html'),
    annotations: failing ? regressionLines(cells).map(regressionNote) : [],
  });
  if (failing) return regressionCode(cells);
  return cells.length === 0 ? EXIT.noVerdict : EXIT.passed;
}
