// The command in a test: it is cleared away at the end, and its files are read.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Comparison } from '@oversoak/contracts';
import { capabilities } from '@oversoak/native-server';
import { Oversoak } from './demo-process.ts';

const missing = capabilities().notifiers.filter(({ works }) => !works);

/** Why `presets/linux.yaml` is refused here: containers often forbid io_uring. False: it is not. */
export const LINUX_PRESET_REFUSED =
  missing.length > 0 && missing.map(({ name, reason }) => `${name}: ${reason}`).join();

export async function oversoak(context: TestContext, ...args: string[]): Promise<Oversoak> {
  const command = await Oversoak.run(...args);
  context.after(() => command.clearAway());
  return command;
}

/** What a command wrote with `--json out.json`; where it wrote nothing, rejects with its output. */
export async function comparison(command: Oversoak): Promise<Comparison> {
  const file = join(command.workFolder, 'out.json');
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new Error(`the command ended without out.json:\n${command.output}`, { cause });
  });
  return JSON.parse(text);
}

export async function specFile(context: TestContext, spec: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-spec-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'spec.json');
  await writeFile(file, JSON.stringify(spec));
  return file;
}
