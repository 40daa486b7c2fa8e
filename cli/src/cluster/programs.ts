import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CannotRun } from '../shell/failure.ts';

/** The programs of the embedded cluster, as absolute paths of compiled files. */
export interface Programs {
  controlPlane: string;
  agent: string;
}

// The folders of the packages, not their links in node_modules, which Wine sees as plain folders.
const PACKAGES = new URL('../../../', import.meta.url.replace('/dist/src/', '/src/'));

export function findPrograms(): Programs {
  return {
    controlPlane: program('control-plane/dist/src/main.js'),
    agent: program('agent/dist/src/main.js'),
  };
}

function program(file: string): string {
  const path = fileURLToPath(new URL(file, PACKAGES));
  if (!existsSync(path)) throw new CannotRun(`${path} is missing: run "npm run setup" first`);
  return path;
}
