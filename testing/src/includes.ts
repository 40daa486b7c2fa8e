// Which folder of the C++ sources includes which.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, type Import } from './imports.ts';

const INCLUDE = /^\s*#\s*include\s+"([^"]+)"/;

/** Every include of an own file below `src`; each `from` has its line: `os/clock.h:5`. */
export function includesBelow(src: string): Import[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.h') || file.endsWith('.cc'))
    .flatMap((file) => includesOf(file, readFileSync(join(src, file), 'utf8')));
}

export function includesOf(file: string, text: string): Import[] {
  return text.split('\n').flatMap((line, index) => {
    const to = INCLUDE.exec(line)?.[1];
    return to === undefined ? [] : [{ from: `${file}:${index + 1}`, to }];
  });
}

/** The same between folders; what stays in its folder is left out. */
export function foldersOf(includes: readonly Import[]): Import[] {
  return includes
    .map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
    .filter(({ from, to }) => from !== to);
}
