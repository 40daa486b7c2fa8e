import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

/** `cancel` ends a soak and keeps its results; this deletes results that are no longer needed. */
export function rmCommand(context: Context): Command {
  return withApiOptions(
    new Command('rm').argument('<id...>', 'of finished soaks that no baseline pins'),
  ).action(async (ids: string[], options: ApiOptions) => {
    const client = openClient(options, context.config);
    for (const id of ids) {
      const soakId = await client.soakIdOf(id);
      await client.deleteSoak(soakId);
      print(context.terminal, `Deleted ${soakId}.`);
    }
    context.exitCode = EXIT.passed;
  });
}
