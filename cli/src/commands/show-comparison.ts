import type { Comparison } from '@oversoak/contracts';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { print } from '../shell/terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';

/** Prints the current comparison of a watched soak at its end. */
export async function showComparison(
  { terminal }: Context,
  client: ApiClient,
  soakId: string,
  signal: AbortSignal,
  columns: readonly ColumnName[] | undefined,
): Promise<Comparison> {
  const comparison = await client.comparison(soakId, signal);
  const text = comparisonText(comparison, terminal.columns(), terminal.colors, columns);
  print(terminal, `\n${text}`);
  return comparison;
}
