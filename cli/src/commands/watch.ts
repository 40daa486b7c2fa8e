import { Command } from 'commander';
import type { Context } from '../context.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { attach } from './attach.ts';

export function watchCommand(context: Context): Command {
  return withApiOptions(
    new Command('watch')
      .description('show the progress of a soak and then its comparison; Ctrl-C detaches')
      .argument('<id>', 'of the soak'),
  ).action(async (soakId: string, options: ApiOptions) => {
    context.exitCode = await attach(context, openClient(options, context.config), soakId);
  });
}
