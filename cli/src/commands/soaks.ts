import { PAGE, type Soak, VERDICTS, type Verdict } from '@oversoak/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { soaksTable } from '../view/soaks-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

const STATES = ['queued', 'running', 'done'] as const satisfies readonly Soak['state'][];

type SoaksOptions = ApiOptions & {
  limit: number;
  after?: string;
  state?: Soak['state'];
  verdict?: Verdict;
  name?: string;
  schedule?: string;
  json?: string;
};

export function soaksCommand(context: Context): Command {
  return withApiOptions(
    withOutputs(
      new Command('soaks')
        .addOption(new Option('--state <state>', 'only those in this state').choices(STATES))
        .addOption(
          new Option('--verdict <verdict>', 'only those with this verdict').choices(VERDICTS),
        )
        .option('--name <text>', 'only those with this text in their name, in any case')
        .option('--schedule <name>', 'only those that this schedule submitted')
        .option('--limit <count>', `how many, 1 to ${PAGE.most}`, readLimit, PAGE.usual)
        .option('--after <id>', 'start after this soak in the list'),
      ['json'],
    ),
  ).action(async (options: SoaksOptions) => {
    const outputs = await Outputs.open(context, options);
    const { terminal } = outputs;
    const { limit, after, state, verdict, name, schedule } = options;
    const client = openClient(options, context.config);
    const filter = {
      ...(state === undefined ? {} : { state }),
      ...(verdict === undefined ? {} : { verdict }),
      ...(name === undefined ? {} : { name }),
      ...(schedule === undefined ? {} : { schedule: await client.scheduleNameOf(schedule) }),
    };
    const page = await client.matchingSoaks(limit, after ?? null, filter);
    context.exitCode = EXIT.passed;
    print(terminal, soaksTable(page.soaks, terminal.columns(), terminal.colors));
    await outputs.writeJson(page);
    if (page.nextCursor !== null) {
      const chosen = Object.entries(filter).map(([field, value]) => `--${field} "${value}" `);
      const more = `oversoak soaks ${chosen.join('')}--limit ${limit} --after ${page.nextCursor}`;
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
