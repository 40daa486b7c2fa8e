import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { agentsTable } from '../view/agents-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { enrolmentCommands } from './enrolments.ts';

/** Without a subcommand it lists the agents. */
export function agentsCommand(context: Context): Command {
  const list = withApiOptions(
    new Command('list').description('list the registered agents (same as "agents")'),
  ).action(async (options: ApiOptions) => {
    const agents = await openClient(options, context.config).agents();
    print(context.terminal, agentsTable(agents, context.terminal.colors));
    context.exitCode = EXIT.passed;
  });
  const command = new Command('agents').addCommand(list, { isDefault: true });
  for (const each of enrolmentCommands(context)) command.addCommand(each);
  return command;
}
