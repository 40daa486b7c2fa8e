import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Command } from 'commander';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { STDIN } from '../spec/read-spec.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';

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
  try {
    const handle = await open(file);
    const found = await handle.stat().finally(() => handle.close());
    if (!found.isFile()) throw new Error('it is not a file');
  } catch (error) {
    throw new CannotRun(`cannot read "${file}": ${messageOf(error)}`);
  }
}
