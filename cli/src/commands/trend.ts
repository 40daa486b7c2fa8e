import { Command } from 'commander';
import { Outputs, withOutputs } from '../output/outputs.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { trendText } from '../view/trend-text.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

type TrendOptions = ApiOptions & { json?: string };

export function trendCommand(context: Context): Command {
  return withApiOptions(
    withOutputs(new Command('trend').argument('<schedule>', 'name of the schedule'), ['json']),
  ).action(async (schedule: string, options: TrendOptions) => {
    const outputs = await Outputs.open(context, options);
    const client = openClient(options, context.config);
    const trend = await client.trend(await client.scheduleNameOf(schedule));
    print(outputs.terminal, trendText(trend, outputs.terminal.colors));
    await outputs.writeJson(trend);
    context.exitCode = trend.regression ? EXIT.failed : EXIT.passed;
  });
}
