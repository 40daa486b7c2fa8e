import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-code.ts';
import { Interrupted } from '../failure.ts';
import { warn } from '../terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { watchSoak } from './watch-soak.ts';

/** Watches somebody's soak: Ctrl-C leaves it alone. */
export async function attach(
  context: Context,
  client: ApiClient,
  soakId: string,
  columns: readonly ColumnName[] | undefined,
): Promise<ExitCode> {
  const { interrupts, terminal } = context;
  interrupts.install();
  interrupts.onForce(() => process.exit(EXIT.noVerdict));
  try {
    const { verdict } = await watchSoak(context, client, soakId, interrupts.signal, columns);
    return exitCodeOf(verdict);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    warn(terminal, `Detached; the soak goes on. Watch it again: oversoak watch ${soakId}`);
    return EXIT.noVerdict;
  }
}
