import { Command } from 'commander';
import { Outputs } from '../output/outputs.ts';
import { requireBaseline } from '../output/regression.ts';
import type { Context } from '../shell/context.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { attach } from './attach.ts';
import { type ReportOptions, withReport } from './report-soak.ts';

export function watchCommand(context: Context): Command {
  return withApiOptions(withReport(new Command('watch').argument('<id>', 'of the soak'))).action(
    async (id: string, options: ApiOptions & ReportOptions) => {
      const client = openClient(options, context.config);
      const soakId = await client.soakIdOf(id);
      const outputs = await Outputs.open(context, options);
      if (options.failOn !== undefined) {
        requireBaseline((await client.soak(soakId)).against);
      }
      context.exitCode = await attach(context, outputs, client, soakId, options);
    },
  );
}
