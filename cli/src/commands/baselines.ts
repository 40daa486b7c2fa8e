import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { baselinesTable } from '../view/baselines-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

/** The same options are valid before and after the subcommand's name. */
const optionsOf = (command: Command) =>
  command.optsWithGlobals<ApiOptions & { note: string; schedule?: string }>();

export function baselinesCommand(context: Context): Command {
  const { config, terminal } = context;
  const pin = withApiOptions(
    new Command('pin')
      .description('pin a finished soak under a name; replaces the soak that had the name')
      .argument('<name>', 'e.g. main')
      .argument('<id>', 'id of the soak')
      .option('--note <text>', 'why', '')
      .option('--schedule <name>', "start the base of this schedule's trend with the soak"),
  ).action(async (name: string, id: string, _: unknown, command: Command) => {
    const options = optionsOf(command);
    const client = openClient(options, config);
    const soakId = await client.soakIdOf(id);
    const { note, schedule } = options;
    const pinned = { soakId, note, ...(schedule === undefined ? {} : { schedule }) };
    await client.pin(name, pinned);
    const next =
      schedule === undefined
        ? `Compare: oversoak compare baseline:${name} ID`
        : `The base of ${schedule} starts at it: oversoak trend ${schedule}`;
    print(terminal, `Pinned ${soakId} as ${name}. ${next}`);
    context.exitCode = EXIT.passed;
  });
  const unpin = withApiOptions(
    new Command('unpin')
      .description('remove a baseline; its soak stays')
      .argument('<name>', 'of the baseline'),
  ).action(async (name: string, _: unknown, command: Command) => {
    await openClient(optionsOf(command), config).unpin(name);
    print(terminal, `Unpinned ${name}.`);
    context.exitCode = EXIT.passed;
  });
  return withApiOptions(new Command('baselines'))
    .action(async (options: ApiOptions) => {
      print(
        terminal,
        baselinesTable(await openClient(options, config).baselines(), terminal.colors),
      );
      context.exitCode = EXIT.passed;
    })
    .addCommand(pin)
    .addCommand(unpin);
}
