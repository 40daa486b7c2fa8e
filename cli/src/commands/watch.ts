import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { attach } from './attach.ts';
import { columnsOption } from './columns-option.ts';

type WatchOptions = ApiOptions & { columns?: ColumnName[] };

export function watchCommand(context: Context): Command {
  return withApiOptions(
    new Command('watch').argument('<id>', 'of the soak').addOption(columnsOption()),
  ).action(async (soakId: string, options: WatchOptions) => {
    const client = openClient(options, context.config);
    context.exitCode = await attach(context, client, soakId, options.columns);
  });
}
