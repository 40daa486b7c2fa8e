import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { agentsTable } from '../view/agents-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

export function agentsCommand(context: Context): Command {
  return withApiOptions(new Command('agents')).action(async (options: ApiOptions) => {
    const agents = await openClient(options, context.config).agents();
    print(context.terminal, agentsTable(agents, context.terminal.colors));
    context.exitCode = EXIT.passed;
  });
}
