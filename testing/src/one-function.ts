// Files of one function, and their reasons.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  path: string;
  text: string;
}

/** A file each by the recipes of CONTRIBUTING.md, or a program's part that its main file calls. */
const FILE_EACH = /\/src\/(?:.*\/)?(?:commands|routes|plugins|boards|panels)\/|\/bench\.ts$/;
/** What a file says that has another reason. */
const OWN_REASON = 'A file of its own';
const FUNCTION =
  /^(?:export )?(?:default )?(?:async )?function|^(?:export )?const \w+(?:: [^=]+)? =\s+(?:async )?(?:\(|<|\w+ =>)/gm;
const MAX_LINES = 30;

/** The workspace's TypeScript sources and tests. */
export function typescriptOf(root: string, packages: readonly string[]): SourceFile[] {
  return packages.flatMap((name) =>
    readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
      .map((file) => `${name}/${file.replaceAll('\\', '/')}`)
      .filter((path) => /\.tsx?$/.test(path) && !/\/(?:dist|node_modules)\//.test(path))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

/** A module with one exported function, no class and at most 30 lines. */
export function isOneFunction(text: string): boolean {
  if (/^(?:export )?(?:abstract )?class /m.test(text) || /^export [*{]/m.test(text)) return false;
  const functions = [...text.matchAll(FUNCTION)].map(([start]) => start);
  const isShort = text.split('\n').length - 1 <= MAX_LINES;
  return isShort && functions.length === 1 && functions[0]?.startsWith('export') === true;
}

/**
 * The files of one function without a reason. Reasons: two files use it, a test tests it alone, a
 * recipe asks for a file each, or the file states one.
 */
export function withoutReason(files: readonly SourceFile[]): string[] {
  const users = new Map<string, string[]>();
  for (const { path, text } of files) {
    for (const target of importsOf(path, text)) {
      users.set(target, [...(users.get(target) ?? []), path]);
    }
  }
  const hasReason = ({ path, text }: SourceFile) => {
    const by = users.get(path) ?? [];
    const isTested = by.some((user) => user.includes('/test/'));
    return by.length >= 2 || isTested || FILE_EACH.test(path) || text.includes(OWN_REASON);
  };
  return files
    .filter(({ path, text }) => /\/src\/.*\.ts$/.test(path) && isOneFunction(text))
    .filter((file) => !hasReason(file))
    .map(({ path }) => path);
}

/** Relative imports, and those of another package by its path. */
function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport\(?) ?'([^']+)'/g)].flatMap(([, name = '']) => {
    if (name.startsWith('.')) return [join(dirname(path), name).replaceAll('\\', '/')];
    const other = /^@oversoak\/([^/]+)\/(.+)$/.exec(name) ?? /^(?:oversoak)()\/(.+)$/.exec(name);
    return other === null ? [] : [`${other[1] || 'cli'}/src/${other[2]}.ts`];
  });
}
