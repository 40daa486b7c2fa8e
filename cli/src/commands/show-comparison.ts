import type { Comparison } from '@oversoak/contracts';
import type { ApiClient } from '../api/client.ts';
import type { Context } from '../shell/context.ts';
import { print } from '../shell/terminal.ts';
import type { ColumnName } from '../view/comparison-columns.ts';
import { comparisonText } from '../view/comparison-text.ts';

/** What a watched soak ends with: its comparison as it is now. */
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
