// What a page says, read without the functions that wrote it.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** The text of each cell of a table, by row. */
export function tableRows(page: Page, caption: string): Promise<string[][]> {
  return page
    .locator(`section[aria-label="${caption}"] tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
    );
}

/** The titles of a table's columns. */
export function tableTitles(page: Page, caption: string): Promise<string[]> {
  return page
    .locator(`section[aria-label="${caption}"] thead th`)
    .evaluateAll((titles) => titles.map((title) => title.textContent?.trim() ?? ''));
}

const NUMBER = /-?\d[\d,]*(?:\.(\d+))?/g;

/** The numbers of a text as they are written: value, and half a unit of the last digit. */
export function numbersIn(text: string): { value: number; halfUnit: number }[] {
  return [...text.matchAll(NUMBER)].map(([whole, decimals = '']) => ({
    value: Number(whole.replaceAll(',', '')),
    halfUnit: 0.5 * 10 ** -decimals.length,
  }));
}

/** The numbers at the beginning of the text are these, rounded as they are written; null: `–`. */
export function hasFigures(
  where: string,
  text: string,
  ...figures: readonly (number | null | undefined)[]
): void {
  const known = figures.filter((figure) => typeof figure === 'number');
  if (known.length === 0) {
    assert.ok(text.startsWith('–'), `${where}: "${text}" rather than no figure`);
    return;
  }
  const written = numbersIn(text);
  for (const [index, figure] of known.entries()) {
    const shown = written[index];
    assert.ok(
      shown !== undefined && Math.abs(shown.value - figure) <= shown.halfUnit * (1 + 1e-6),
      `${where}: "${text}" rather than ${known.join(', ')}`,
    );
  }
}

/** `2026-11-24 13:22:41` */
export const utc = (atMs: number) => new Date(atMs).toISOString().replace('T', ' ').slice(0, 19);
