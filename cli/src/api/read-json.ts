import { printable } from '@oversoak/contracts';

/**
 * What the API answers, without control characters in its names and values: its texts come from
 * specs, imported files and agents, and end on a terminal.
 */
export function printableValue(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [printable(name), printableValue(part)]),
  );
}

export function readJson(text: string): unknown {
  return printableValue(JSON.parse(text));
}
