import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CannotRun } from '../shell/failure.ts';

/** What the embedded cluster runs, as absolute paths of compiled files. */
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
  // The package's own address: a link in node_modules is a plain folder under Wine.
  const path = fileURLToPath(new URL(file, import.meta.resolve(packageName)));
  if (!existsSync(path)) throw new CannotRun(`${path} is missing: run "npm run setup" first`);
  return path;
}
