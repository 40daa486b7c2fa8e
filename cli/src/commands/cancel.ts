import { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { print } from '../terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

export function cancelCommand(context: Context): Command {
  return withApiOptions(
    new Command('cancel')
      .description('cancel a soak; its gang ends within two seconds')
      .argument('<id>', 'of the soak'),
  ).action(async (soakId: string, options: ApiOptions) => {
    await openClient(options, context.config).cancel(soakId);
    print(context.terminal, `Asked for the cancel of ${soakId}.`);
    context.exitCode = EXIT.passed;
  });
}
