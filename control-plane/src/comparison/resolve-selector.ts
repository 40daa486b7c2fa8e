import { cellKey, type Problem } from '@oversoak/contracts';
import { type Baselines, soakOfBaseline } from '../store/baselines.ts';
import type { SoakRecord, Soaks } from '../store/soaks.ts';
import { soakCells } from '../submit/expand.ts';
import { parseSelector, SELECTOR_FORMS } from './selector.ts';

export interface SideStores {
  soaks: Pick<Soaks, 'get'>;
  baselines: Pick<Baselines, 'get' | 'list'>;
}

/** One resolved side of a comparison of two. */
export interface Side {
  selector: string;
  soak: SoakRecord;
  /** Keys of all its cells. */
  keys: string[];
  /** The cell that the selector names; null: all. */
  cell: string | null;
}

/** A selector that is malformed (400) or names something that does not exist (404). */
export interface Unresolved {
  status: 400 | 404;
  problems: Problem[];
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
  if (parsed === null) return refused(400, `"${selector}" is not one of ${SELECTOR_FORMS}`);
  const { from } = parsed;
  const found = from.kind === 'soak' ? from : await soakOfBaseline(from.name, baselines);
  if ('missing' in found) return refused(404, found.missing);
  const { soakId } = found;
  const stored = await soaks.get(soakId);
  if (stored === null) return refused(404, `no soak "${soakId}"; valid: ${SELECTOR_FORMS}`);
  const { soak } = stored;
  const { cell } = parsed;
  const keys = soakCells(soak).map(cellKey);
  if (cell !== null && !keys.includes(cell)) {
    return refused(404, `soak "${soakId}" has no cell "${cell}"; valid: ${keys.join(', ')}`);
  }
  return { selector, soak, keys, cell };
}

/** The problems of both sides. */
export function unresolved(sides: readonly (Side | Unresolved)[]): Unresolved {
  const wrong = sides.filter((side) => 'problems' in side);
  return {
    status: wrong.some(({ status }) => status === 400) ? 400 : 404,
    problems: wrong.flatMap(({ problems }) => problems),
  };
}
