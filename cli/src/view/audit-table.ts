import type { AuditEntry } from '@oversoak/contracts';
import { NONE } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['time', 'who', 'from', 'action', 'on', 'outcome'];

/** 2026-11-24 13:05:07Z */
const time = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace(/\.\d+/, '');

export function auditTable(entries: readonly AuditEntry[], colors: Colors): string {
  if (entries.length === 0) return 'The audit has no entries.';
  const rows = entries.map(({ atMs, who, from, action, subject, outcome }) => [
    time(atMs),
    ...[who ?? NONE, from ?? NONE, action, subject ?? NONE, outcome],
  ]);
  return plainTable({ head: HEAD.map((title) => colors.bold(title)), rows, gap: 2 }).text;
}
