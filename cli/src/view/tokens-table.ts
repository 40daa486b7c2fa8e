import type { ApiToken } from '@oversoak/contracts';
import { NONE } from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';
import { plainTable } from './plain-table.ts';

const HEAD = ['id', 'name', 'role', 'created', 'expires'];

/** 2026-11-24 */
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function expiry(expiresAtMs: number | null, nowMs: number): string {
  if (expiresAtMs === null) return NONE;
  return expiresAtMs <= nowMs ? `expired ${day(expiresAtMs)}` : day(expiresAtMs);
}

export function tokensTable(tokens: readonly ApiToken[], nowMs: number, colors: Colors): string {
  if (tokens.length === 0)
    return 'There is no token. Create one: oversoak tokens create NAME --role reader';
  const rows = tokens.map(({ id, name, role, createdAtMs, expiresAtMs }) => [
    id,
    name,
    role,
    day(createdAtMs),
    expiry(expiresAtMs, nowMs),
  ]);
  return plainTable({ head: HEAD.map((title) => colors.bold(title)), rows, gap: 2 }).text;
}
