import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { inheritedEnvironment } from 'oversoak/cluster/environment';
import { type AttackedPlane, TOKEN } from './attacked-plane.ts';

const PROGRAM = `${REPOSITORY}cli/bin/oversoak.js`;

export interface Command {
  exitCode: number;
  /** Standard output and standard error. */
  output: string;
}

/** The real command, pointed at a control plane. */
export function oversoak(plane: AttackedPlane, ...args: string[]): Promise<Command> {
  const env = {
    ...inheritedEnvironment(process.env),
    OVERSOAK_URL: plane.url,
    OVERSOAK_TOKEN: TOKEN,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      resolve({ exitCode, output: stdout + stderr });
    });
  });
}

/** A file of this name with this text, until the test ends. */
export async function fileOf(context: TestContext, name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-abuse-file-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
