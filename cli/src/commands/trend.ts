import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { trendText } from '../view/trend-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { checkWritable, writeJson } from './json-file.ts';

type TrendOptions = ApiOptions & { json?: string };

export function trendCommand(context: Context): Command {
  const { config, terminal } = context;
  return withApiOptions(
    new Command('trend')
      .argument('<schedule>', 'name of the schedule')
      .option('--json <file>', 'also write the whole trend to this file'),
  ).action(async (schedule: string, options: TrendOptions) => {
    if (options.json !== undefined) await checkWritable(options.json);
    const trend = await openClient(options, config).trend(schedule);
    print(terminal, trendText(trend, terminal.colors));
    if (options.json !== undefined) await writeJson(options.json, trend);
    context.exitCode = trend.regression ? EXIT.failed : EXIT.passed;
  });
}
