import { Command } from 'commander';
import { checkWritable, STDOUT, writeText } from '../output/destination.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type ReportOptions = ApiOptions & { html: string };

export function reportCommand(context: Context): Command {
  return withApiOptions(
    new Command('report')
      .argument('<id>', 'of the soak')
      .requiredOption('--html <file>', `the file to write; ${STDOUT}: the standard output`),
  ).action(async (id: string, { html, ...options }: ReportOptions) => {
    await checkWritable(html);
    const client = openClient(options, context.config);
    const soakId = await client.soakIdOf(id);
    await writeText(html, await client.reportHtml(soakId), context.terminal);
    if (html !== STDOUT) print(context.terminal, `Saved the report of ${soakId} as ${html}.`);
    context.exitCode = EXIT.passed;
  });
}
