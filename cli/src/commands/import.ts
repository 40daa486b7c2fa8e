import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ToldKind } from '@oversoak/contracts';
import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { STDIN } from '../spec/read-spec.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { notAnExport } from './not-an-export.ts';

export function importCommand(context: Context): Command {
  return withApiOptions(
    new Command('import').argument(
      '<file>',
      'the file, compressed or not; - reads the standard input',
    ),
  ).action(async (file: string, options: ApiOptions) => {
    const client = openClient(options, context.config);
    if (file !== STDIN) await checkReadable(file);
    const source = file === STDIN ? process.stdin : createReadStream(file);
    const body = Readable.toWeb(source) as ReadableStream<Uint8Array>;
    const { soak, created } = await client.importSoak(body);
    const { soakId, runs, verdict } = soak;
    const what = created ? 'Imported' : 'Already stored:';
    print(
      context.terminal,
      `${what} ${soakId}: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${verdict}.`,
    );
    context.exitCode = EXIT.passed;
  });
}

async function checkReadable(file: string): Promise<void> {
  const told = await kindOf(file).catch((error: unknown) => {
    throw new CannotRun(`cannot read "${file}": ${messageOf(error)}`);
  });
  if (told === undefined) return;
  throw new CannotRun(`"${file}" is ${told.is}, not an exported soak: ${told.taken}`);
}

async function kindOf(file: string): Promise<ToldKind | undefined> {
  const handle = await open(file);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('it is not a file');
    return await notAnExport(handle, found.size);
  } finally {
    await handle.close();
  }
}
