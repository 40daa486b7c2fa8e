import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command } from 'commander';
import { beside, checkWritable, entryAt, STDOUT } from '../output/destination.ts';
import type { Context } from '../shell/context.ts';
import { EXIT } from '../shell/exit-code.ts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { print } from '../shell/terminal.ts';
import { type ApiOptions, openClient, withApiOptions } from './api-options.ts';
import { wholeSoakFile } from './whole-soak-file.ts';

type ExportOptions = ApiOptions & { out?: string; force?: true };

export function exportCommand(context: Context): Command {
  return withApiOptions(
    new Command('export')
      .argument('<id>', 'of the soak')
      .option(
        '--out <file>',
        'the file to write, -: the standard output; default: ID.ndjson.gz. Compressed if it ends in .gz',
      )
      .option('--force', 'overwrite an existing file'),
  ).action(async (id: string, options: ExportOptions) => {
    const client = openClient(options, context.config);
    const soakId = await client.soakIdOf(id);
    const file = options.out ?? `${soakId}.ndjson.gz`;
    await checkWritable(file);
    if (!options.force && file !== STDOUT) await requireAbsent(file);
    const { terminal } = context;
    const body = await client.exportSoak(soakId);
    if (file === STDOUT) await pass(body, file, terminal.out);
    else if ((await entryAt(file))?.isFile() === false) {
      await pass(body, file, createWriteStream(file));
    } else await saveWhole(body, file);
    print(file === STDOUT ? beside(terminal) : terminal, `Saved ${soakId} as ${file}.`);
    context.exitCode = EXIT.passed;
  });
}

async function requireAbsent(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CannotRun(`cannot write "${file}": ${error.message}`);
  });
  if (found !== undefined) {
    throw new CannotRun(
      `"${file}" already exists; use --force to overwrite it or --out for another name`,
    );
  }
}

/** Into what is not replaced: the standard output, a device, a pipe or a link; or a new file. */
async function pass(
  body: ReadableStream<Uint8Array>,
  file: string,
  target: Writable,
): Promise<void> {
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  const end = file !== STDOUT;
  try {
    if (file.endsWith('.gz')) {
      await pipeline(source, wholeSoakFile, createGzip(), target, { end });
    } else await pipeline(source, wholeSoakFile, target, { end });
  } catch (error) {
    throw cannotSave(file, error);
  }
}

const cannotSave = (file: string, error: unknown) =>
  error instanceof CannotRun ? error : new CannotRun(`cannot save "${file}": ${messageOf(error)}`);

/**
 * The file appears under its name only when it is complete and its sha256 matches; until then it
 * has a temporary name.
 */
async function saveWhole(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    await pass(body, file, createWriteStream(part, { flush: true }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw cannotSave(file, error);
  }
}
