import type { Baseline } from '@oversoak/contracts';
import { NONE } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['baseline', 'soak', 'pinned', 'base of', 'note'];

export function baselinesTable(baselines: readonly Baseline[], colors: Colors): string {
  if (baselines.length === 0)
    return 'No baseline is pinned. Pin one: oversoak baselines pin NAME SOAK_ID';
  const rows = baselines.map(({ name, soakId, pinnedAtMs, schedule, note }) => [
    name,
    soakId,
    // 2026-11-24 13:05Z
    new Date(pinnedAtMs)
      .toISOString()
      .replace('T', ' ')
      .replace(/:\d\d\.\d+/, ''),
    schedule ?? NONE,
    note || NONE,
  ]);
  return plainTable({ head: HEAD.map((title) => colors.bold(title)), rows, gap: 2 }).text;
}
