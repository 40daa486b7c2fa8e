import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CannotRun } from '../shell/failure.ts';

/** The programs of the embedded cluster, as absolute paths of compiled files. */
export interface Programs {
  controlPlane: string;
  agent: string;
}

export function findPrograms(): Programs {
  return {
    controlPlane: program('@oversoak/control-plane', './main.js'),
    agent: program('@oversoak/agent', './main.js'),
  };
}

function program(packageName: string, file: string): string {
  // Resolve the package's real path: Wine sees a link in node_modules as a plain folder.
  const path = fileURLToPath(new URL(file, import.meta.resolve(packageName)));
  if (!existsSync(path)) throw new CannotRun(`${path} is missing: run "npm run setup" first`);
  return path;
}
