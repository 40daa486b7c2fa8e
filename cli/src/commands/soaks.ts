import { PAGE } from '@oversoak/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { soaksTable } from '../view/soaks-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type SoaksOptions = ApiOptions & { limit: number; after?: string; json?: string };

export function soaksCommand(context: Context): Command {
  return withApiOptions(
    withOutputs(
      new Command('soaks')
        .option('--limit <count>', `how many, 1 to ${PAGE.most}`, readLimit, PAGE.usual)
        .option('--after <id>', 'start after this soak in the list'),
      ['json'],
    ),
  ).action(async (options: SoaksOptions) => {
    const outputs = await Outputs.open(context, options);
    const { terminal } = outputs;
    const client = openClient(options, context.config);
    const page = await client.soaks(options.limit, options.after ?? null);
    context.exitCode = EXIT.passed;
    print(terminal, soaksTable(page.soaks, terminal.columns(), terminal.colors));
    await outputs.writeJson(page);
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
