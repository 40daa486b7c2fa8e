import { type SoakSummary, utcTime } from '@oversoak/contracts';
import { shortSoakIds } from '../api/short-id.ts';
import type { Colors } from '../shell/terminal.ts';
import { verdictText } from './cell-text.ts';
import { fittedTable } from './fitted-table.ts';

const HEAD = ['soak', 'name', 'created (UTC)', 'state', 'verdict', 'runs done'];

export function soaksTable(soaks: readonly SoakSummary[], columns: number, colors: Colors): string {
  if (soaks.length === 0) return 'No soaks.';
  const ids = shortSoakIds(soaks.map(({ soakId }) => soakId));
  return fittedTable({
    head: HEAD.map((title) => colors.bold(title)),
    align: ['left', 'left', 'left', 'left', 'left', 'right'],
    rows: soaks.map((soak, index) => [
      ids[index] ?? soak.soakId,
      soak.name,
      utcTime(soak.createdAtMs),
      soak.state,
      verdictText(soak.verdict, colors),
      `${soak.runsDone}/${soak.runs}`,
    ]),
    columns,
  });
}
