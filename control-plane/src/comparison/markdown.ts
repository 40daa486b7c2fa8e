import { printable } from '@oversoak/contracts';

/** Text escaped for Markdown, also inside a table. */
export function escaped(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replace(/\s+/g, ' ');
}

export function tableLine(fields: readonly string[]): string {
  return `| ${fields.map(escaped).join(' | ')} |`;
}
