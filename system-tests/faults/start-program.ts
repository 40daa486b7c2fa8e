import { dirname } from 'node:path';
import { Child } from 'oversoak/cluster/child';
import { jsonLine } from 'oversoak/cluster/log-file';

const READY_MS = 30_000;

export interface Program {
  name: string;
  /** Compiled file that Node runs. */
  file: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Field of the JSON line by which it says that it is ready. */
  readyWith: string;
}

/** A program of the product as a process of its own; answers once it is ready. */
export async function startProgram(program: Program): Promise<Child> {
  const { name, file, env, logFile, readyWith } = program;
  const child = await Child.start({
    name,
    command: process.execPath,
    args: [file],
    cwd: dirname(file),
    env,
    logFile,
    stopBy: 'stdin-end',
  });
  try {
    await child.ready(jsonLine(readyWith), READY_MS, new AbortController().signal);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
