// Which files of the repository a build of the images gets: what .dockerignore leaves of them. Pure.

/**
 * As Docker reads .dockerignore: the last pattern that fits a file or a folder above it decides, and
 * one with `!` in front keeps the file. Of the patterns' language `*`, `?` and `**`.
 * @param {string} ignore the text of .dockerignore
 * @param {string[]} files paths of the repository, with slashes
 */
export function buildContext(ignore, files) {
  const rules = ignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keeps: line.startsWith('!'), fits: expressionOf(line.replace(/^!/, '')) }));
  return files.filter((file) => rules.findLast(({ fits }) => fits.test(file))?.keeps ?? true);
}

/** Fits a path, and everything below it. */
function expressionOf(pattern) {
  const source = pattern
    .replaceAll(/^\/|\/$/g, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (wildcard) => WILDCARDS[wildcard]);
  return new RegExp(`^${source}(/|$)`);
}

const WILDCARDS = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

/**
 * Whether a COPY of the source finds something: a file, or a folder with one.
 * @param {string[]} context of the build
 * @param {string} source as the instruction names it
 */
export function isInContext(context, source) {
  const path = source.replace(/^\.?\//, '').replace(/\/$/, '');
  if (path === '' || path === '.') return context.length > 0;
  const fits = expressionOf(path);
  return context.some((file) => fits.test(file));
}
