// The service wrapper for Windows, which a release ships beside the addon: a program of another
// project, whose licence (MIT) asks for its notice in every copy.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = 'shawl.exe';
const LICENCE = 'SHAWL-LICENSE.txt';

/**
 * @param {string | undefined} program file of the wrapper; undefined: the packages have none
 * @param {string | undefined} licence file of its licence
 * @returns undefined without a wrapper
 * @throws Error that names the option that is missing, or the file that is no licence
 */
export function serviceWrapper(program, licence) {
  if (program === undefined && licence === undefined) return undefined;
  if (program === undefined) throw new Error('--shawl-licence needs --shawl FILE');
  if (licence === undefined) {
    throw new Error('--shawl needs --shawl-licence FILE: its notice goes with every copy of it');
  }
  const text = readFileSync(licence, 'utf8');
  if (!/copyright/i.test(text) || !/permission/i.test(text)) {
    throw new Error(`--shawl-licence must be the licence of Shawl, and ${licence} is none`);
  }
  return { program, text };
}

/** @param {NonNullable<ReturnType<typeof serviceWrapper>>} wrapper */
export function stageServiceWrapper({ program, text }, folder) {
  cpSync(program, join(folder, PROGRAM));
  writeFileSync(join(folder, LICENCE), text);
}
