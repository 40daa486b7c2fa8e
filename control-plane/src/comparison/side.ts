import { cellKey, type Problem } from '@oversoak/contracts';
import type { Baselines } from '../store/baselines.ts';
import type { SoakRecord, Soaks } from '../store/soaks.ts';
import { cellsOf } from '../submit/expand.ts';
import { parseSelector, SELECTOR_FORMS, type Selector } from './selector.ts';

export interface SideStores {
  soaks: Pick<Soaks, 'get'>;
  baselines: Pick<Baselines, 'get' | 'list'>;
}

/** One side of a comparison of two, as it is stored. */
export interface Side {
  selector: string;
  soak: SoakRecord;
  /** Of all its cells. */
  keys: string[];
  /** The one that the selector names; null: all. */
  cell: string | null;
}

/** A selector that names nothing: badly written (400), or of nothing that is there (404). */
export interface Unresolved {
  status: 400 | 404;
  problems: Problem[];
}

/** The id of the soak, or what is missing. */
async function soakIdOf(
  from: Selector['from'],
  baselines: SideStores['baselines'],
): Promise<{ soakId: string } | { missing: string }> {
  if (from.kind === 'soak') return { soakId: from.soakId };
  const baseline = await baselines.get(from.name);
  if (baseline !== null) return { soakId: baseline.soakId };
  const names = (await baselines.list()).map(({ name }) => name).join(', ') || 'none';
  return { missing: `no baseline "${from.name}"; there are: ${names}` };
}

export async function resolveSide(
  selector: string,
  pointer: string,
  { soaks, baselines }: SideStores,
): Promise<Side | Unresolved> {
  const refused = (status: 400 | 404, detail: string): Unresolved => ({
    status,
    problems: [{ pointer, detail }],
  });
  const parsed = parseSelector(selector);
  if (parsed === null) return refused(400, `"${selector}" is none of ${SELECTOR_FORMS}`);
  const found = await soakIdOf(parsed.from, baselines);
  if ('missing' in found) return refused(404, found.missing);
  const { soakId } = found;
  const stored = await soaks.get(soakId);
  if (stored === null) return refused(404, `no soak "${soakId}"; valid: ${SELECTOR_FORMS}`);
  const { soak } = stored;
  const { cell } = parsed;
  const keys = cellsOf(soak.spec).map(cellKey);
  if (cell !== null && !keys.includes(cell)) {
    return refused(404, `soak "${soakId}" has no cell "${cell}"; valid: ${keys.join(', ')}`);
  }
  return { selector, soak, keys, cell };
}

/** Both sides' problems at once. */
export function unresolved(sides: readonly (Side | Unresolved)[]): Unresolved {
  const wrong = sides.filter((side) => 'problems' in side);
  return {
    status: wrong.some(({ status }) => status === 400) ? 400 : 404,
    problems: wrong.flatMap(({ problems }) => problems),
  };
}
