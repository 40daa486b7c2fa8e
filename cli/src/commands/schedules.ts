import { PAGE } from '@oversoak/contracts';
import { Command, InvalidArgumentError } from 'commander';
import { stringify } from 'yaml';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { submittedText } from '../spec/plan.ts';
import { readSpecText } from '../spec/read-spec.ts';
import { historyTable, momentIn, schedulesTable } from '../view/schedules-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

/** Produces the text that a subcommand prints. */
type Answer<Options> = (client: ApiClient, name: string, options: Options) => Promise<string>;

/** Schedules submit a soak repeatedly. Without a subcommand the command lists them. */
export function schedulesCommand(context: Context): Command {
  const { colors } = context.terminal;
  const subcommand = <Options extends ApiOptions>(
    command: Command,
    answer: Answer<Options>,
  ): Command =>
    withApiOptions(command).action(async (...given: unknown[]) => {
      // Commander passes the arguments, then the options, then the command.
      const [text] = command.args;
      const options = given.at(-2) as Options;
      const client = openClient(options, context.config);
      const name = text === undefined ? '' : await client.scheduleNameOf(text);
      print(context.terminal, await answer(client, name, options));
      context.exitCode = EXIT.passed;
    });

  const list = subcommand(
    new Command('list').description('list all schedules (same as "schedules")'),
    async (client) => schedulesTable(await client.schedules(), colors),
  );
  const get = subcommand(
    named('get', 'show a schedule as YAML, without its webhook secret'),
    async (client, name) => stringify(await client.schedule(name)).trimEnd(),
  );
  const remove = subcommand(
    named('delete', 'delete a schedule and its history; its soaks are kept'),
    async (client, name) => {
      await client.deleteSchedule(name);
      return `Deleted the schedule ${name}.`;
    },
  );
  const run = subcommand(
    named('run', 'submit the soak of a schedule now'),
    async (client, name) => {
      return submittedText(await client.runSchedule(name));
    },
  );
  const history = subcommand<ApiOptions & { limit: number }>(
    named('history', 'show the history of its ticks, newest first').option(
      '--limit <count>',
      `number of ticks, 1 to ${PAGE.most}`,
      readLimit,
      PAGE.usual,
    ),
    async (client, name, { limit }) => {
      const { timeZone } = await client.schedule(name);
      return historyTable(await client.scheduleHistory(name, limit), timeZone, colors);
    },
  );
  return new Command('schedules')
    .addCommand(list, { isDefault: true })
    .addCommand(putCommand(context))
    .addCommand(get)
    .addCommand(remove)
    .addCommand(run)
    .addCommand(history);
}

function named(command: string, description: string): Command {
  return new Command(command).description(description).argument('<name>', 'name of the schedule');
}

function putCommand(context: Context): Command {
  return withApiOptions(
    named('put', 'create or replace a schedule').argument(
      '<file>',
      'a schedule as YAML, or as JSON in a .json file; -: from the standard input',
    ),
  ).action(async (name: string, file: string, options: ApiOptions) => {
    const text = await readSpecText(file);
    const { nextAtMs, timeZone } = await openClient(options, context.config).putSchedule(
      name,
      text,
    );
    const next =
      nextAtMs === null ? 'it is not enabled' : `next at ${momentIn(timeZone, nextAtMs)}`;
    print(context.terminal, `Put the schedule ${name}: ${next}.`);
    context.exitCode = EXIT.passed;
  });
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= PAGE.most) return limit;
  throw new InvalidArgumentError(`expected a count, 1 to ${PAGE.most}`);
}
