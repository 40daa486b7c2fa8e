import { PAGE } from '@oversoak/contracts';
import { Command, InvalidArgumentError } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { soaksTable } from '../view/soaks-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type SoaksOptions = ApiOptions & { limit: number; after?: string; json?: true };

export function soaksCommand(context: Context): Command {
  return withApiOptions(
    new Command('soaks')
      .option('--limit <count>', `how many, 1 to ${PAGE.most}`, readLimit, PAGE.usual)
      .option('--after <id>', 'start after this soak in the list')
      .option('--json', 'print the list as JSON'),
  ).action(async (options: SoaksOptions) => {
    const { terminal, config } = context;
    const page = await openClient(options, config).soaks(options.limit, options.after ?? null);
    context.exitCode = EXIT.passed;
    if (options.json) return print(terminal, JSON.stringify(page, null, 2));
    print(terminal, soaksTable(page.soaks, terminal.columns(), terminal.colors));
    if (page.nextCursor !== null) {
      const more = `oversoak soaks --limit ${options.limit} --after ${page.nextCursor}`;
      print(terminal, `\nMore: ${more}`);
    }
  });
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > PAGE.most) {
    throw new InvalidArgumentError(`expected a whole number, 1 to ${PAGE.most}`);
  }
  return limit;
}
