import type { Comparison } from '@oversoak/contracts';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../context.ts';
import { print } from '../terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';
import { openProgressView } from '../view/progress-view.ts';
import { followSoak } from '../watch/follow.ts';

/** Shows a soak's progress until it is done, then its comparison. */
export async function watchSoak(
  { terminal }: Context,
  client: ApiClient,
  soakId: string,
  signal: AbortSignal,
  columns: readonly ColumnName[] | undefined,
): Promise<Comparison> {
  const view = openProgressView(terminal);
  try {
    await followSoak(client, soakId, view, signal);
  } finally {
    view.stop();
  }
  const comparison = await client.comparison(soakId, signal);
  const text = comparisonText(comparison, terminal.columns(), terminal.colors, columns);
  print(terminal, `\n${text}`);
  return comparison;
}
