import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ClaimFigures } from './claim-figures.ts';
import { claimsPage } from './claims-page.ts';

/** Relative to dist/src/claims. */
const docs = (name: string) => fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));

export const FIGURES_FILE = docs('claims.json');
export const PAGE_FILE = docs('claims.md');

/** Empty when there is no file yet. */
export async function readFigures(): Promise<ClaimFigures[]> {
  const text = await readFile(FIGURES_FILE, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text) as ClaimFigures[];
}

export async function writeClaims(all: readonly ClaimFigures[]): Promise<void> {
  await writeFile(FIGURES_FILE, `${JSON.stringify(all, null, 2)}\n`);
  await writeFile(PAGE_FILE, claimsPage(all));
}
