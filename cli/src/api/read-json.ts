import { printable } from '@oversoak/contracts';

/**
 * Parses what the API answers. Its texts come from specs, imported files and agents, and end on a
 * terminal: they have no control characters here, neither as names nor as values.
 */
export function readJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value === 'string') return printable(value);
    return isRecord(value) ? withPrintableNames(value) : value;
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withPrintableNames(record: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(record);
  if (names.every((name) => printable(name) === name)) return record;
  return Object.fromEntries(names.map((name) => [printable(name), record[name]]));
}
