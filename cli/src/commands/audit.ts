import { Command, InvalidArgumentError } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { print } from '../shell/terminal.ts';
import { auditTable } from '../view/audit-table.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

const MAX_ENTRIES = 10_000;

function readLimit(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_ENTRIES) return limit;
  throw new InvalidArgumentError(`it must be a whole number from 1 to ${MAX_ENTRIES}`);
}

export function auditCommand(context: Context): Command {
  const { config, terminal } = context;
  return withApiOptions(
    new Command('audit').option('--limit <number>', 'entries, newest first', readLimit, 50),
  ).action(async (options: ApiOptions & { limit: number }) => {
    const entries = await openClient(options, config).newestAudit(options.limit);
    print(terminal, auditTable(entries, terminal.colors));
    context.exitCode = EXIT.passed;
  });
}
