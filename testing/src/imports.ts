// Which folder of a package imports which.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An import between two files of a package; paths from the package's `src`. */
export interface Import {
  from: string;
  to: string;
}

const RELATIVE_IMPORT = /(?:\bfrom|\bimport\(?) ?'(\.[^']+)'/g;

/** Every relative import of the TypeScript below `src`, types included. */
export function importsBelow(src: string): Import[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') || file.endsWith('.tsx'))
    .flatMap((file) => importsOf(file, readFileSync(join(src, file), 'utf8')));
}

export function importsOf(from: string, text: string): Import[] {
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, path = '']) => ({
    from,
    to: join(dirname(from), path),
  }));
}

/** `.` is the package's root, which wires the rest. */
export const folderOf = (file: string) => dirname(file).replaceAll('\\', '/');

/**
 * What is wrong with imports of a package whose folders stand on floors, the lowest first: each must
 * go down, or stay in its folder. Empty: nothing.
 */
export function wrongImports(
  imports: readonly Import[],
  floors: readonly (readonly string[])[],
): string[] {
  const floorOf = new Map(floors.flatMap((folders, floor) => folders.map((name) => [name, floor])));
  return imports.flatMap(({ from, to }) => {
    const [upper, lower] = [folderOf(from), folderOf(to)];
    if (upper === lower) return [];
    const [high, low] = [floorOf.get(upper), floorOf.get(lower)];
    if (high === undefined) return [`${from}: the folder ${upper} stands on no floor`];
    if (low === undefined) return [`${from} imports ${to}: ${lower} stands on no floor`];
    return low < high ? [] : [`${from} imports ${to}: ${lower} is not below ${upper}`];
  });
}

/** Files that import one another in a circle, each circle once; empty: none. */
export function circles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) found.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return found;
}
