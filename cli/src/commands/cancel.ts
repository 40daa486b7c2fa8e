import type { Soak } from '@oversoak/contracts';
import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

export function cancelCommand(context: Context): Command {
  return withApiOptions(new Command('cancel').argument('<id>', 'of the soak')).action(
    async (id: string, options: ApiOptions) => {
      const client = openClient(options, context.config);
      const soak = await client.cancel(await client.soakIdOf(id));
      print(context.terminal, cancelText(soak));
      context.exitCode = EXIT.passed;
    },
  );
}

export function cancelText({ soakId, state, verdict, runs }: Soak): string {
  if (state === 'done') return `${soakId} is done: ${verdict}.`;
  const done = runs.filter((run) => run.state === 'done').length;
  return `Cancelling ${soakId}: ${done} of ${runs.length} runs done.`;
}
