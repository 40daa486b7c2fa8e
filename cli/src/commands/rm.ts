import { Command } from 'commander';
import type { ApiClient } from '../api/client.ts';
import { ApiRefused } from '../api/problem.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

const CONFLICT = 409;

/** Whether the soak was refused because it is not done, rather than because it is pinned. */
async function isOpen(client: ApiClient, soakId: string, error: unknown): Promise<boolean> {
  if (!(error instanceof ApiRefused) || error.status !== CONFLICT) return false;
  return (await client.soak(soakId)).state !== 'done';
}

const cancelFirst = (soakId: string) =>
  `soak "${soakId}" is not done; cancel it first: oversoak cancel ${soakId}`;

/** `cancel` ends a soak and keeps its results; this deletes results that are no longer needed. */
export function rmCommand(context: Context): Command {
  return withApiOptions(
    new Command('rm').argument('<id...>', 'of finished soaks that no baseline pins'),
  ).action(async (ids: string[], options: ApiOptions) => {
    const client = openClient(options, context.config);
    for (const id of ids) {
      const soakId = await client.soakIdOf(id);
      await client.deleteSoak(soakId).catch(async (error: unknown) => {
        throw (await isOpen(client, soakId, error)) ? new CannotRun(cancelFirst(soakId)) : error;
      });
      print(context.terminal, `Deleted ${soakId}.`);
    }
    context.exitCode = EXIT.passed;
  });
}
