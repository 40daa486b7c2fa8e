import type { Comparison } from '@oversoak/contracts';
import type { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import type { Annotation } from '../output/github.ts';
import { comparisonJunit } from '../output/junit.ts';
import { type OutputOptions, type Outputs, withOutputs } from '../output/outputs.ts';
import {
  type FailOnOptions,
  failOnOption,
  regressionCode,
  regressionLines,
} from '../output/regression.ts';
import { type ExitCode, exitCodeOf, worstOf } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';
import { columnsOption } from './columns-option.ts';

/** Options of every command that ends with the comparison of one soak. */
export interface ReportOptions extends OutputOptions, FailOnOptions {
  columns?: ColumnName[];
}

export function withReport(command: Command): Command {
  return withOutputs(command, ['json', 'csv', 'markdown', 'junit', 'html'])
    .addOption(columnsOption())
    .addOption(failOnOption());
}

/** The options of these names that need the end of a soak. */
export function reportOptionsGiven(options: ReportOptions): string[] {
  const { columns, failOn, csv, markdown, junit, html } = options;
  const given = { '--columns': columns, '--fail-on': failOn, '--csv': csv };
  return Object.entries({ ...given, '--markdown': markdown, '--junit': junit, '--html': html })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
}

/** Shows the current comparison of a soak, writes the requested outputs, and sets the exit code. */
export async function reportSoak(
  outputs: Outputs,
  client: ApiClient,
  soakId: string,
  { columns, failOn }: ReportOptions,
  signal?: AbortSignal,
): Promise<ExitCode> {
  const { terminal } = outputs;
  const comparison = await client.comparison(soakId, signal);
  const text = comparisonText(comparison, terminal.columns(), terminal.colors, columns);
  print(terminal, text);
  const cells = comparison.against?.cells ?? [];
  await outputs.write({
    json: comparison,
    csv: () => client.comparisonText(soakId, 'text/csv', signal),
    markdown: () => client.comparisonText(soakId, 'text/markdown', signal),
    junit: () => comparisonJunit(comparison, failOn !== undefined),
    html: () => client.reportHtml(soakId, signal),
    annotations: [
      ...annotationsOf(comparison),
      ...(failOn === undefined ? [] : regressionLines(cells).map(regressionNote)),
    ],
  });
  const code = exitCodeOf(comparison.verdict);
  return failOn === undefined ? code : worstOf(code, regressionCode(cells));
}

export const regressionNote = (text: string): Annotation => ({
  level: 'error',
  title: 'oversoak: regression',
  text,
});

function annotationsOf({ name, cells }: Comparison): Annotation[] {
  return cells
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ key, verdict, reasons }) => ({
      level: verdict === 'failed' ? 'error' : 'warning',
      title: `oversoak: ${name} ${verdict ?? 'not done'}`,
      text: [key, ...reasons].join('\n'),
    }));
}
