import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Command } from 'commander';
import { checkWritable } from '../output/destination.ts';
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
        'the file to write; default: ID.ndjson.gz. Compressed if it ends in .gz',
      )
      .option('--force', 'overwrite an existing file'),
  ).action(async (id: string, options: ExportOptions) => {
    const client = openClient(options, context.config);
    const soakId = await client.soakIdOf(id);
    const file = options.out ?? `${soakId}.ndjson.gz`;
    await checkWritable(file);
    if (!options.force) await requireAbsent(file);
    await saveWhole(await client.exportSoak(soakId), file);
    print(context.terminal, `Saved ${soakId} as ${file}.`);
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

/**
 * The file appears under its name only when it is complete and its sha256 matches; until then it
 * has a temporary name.
 */
async function saveWhole(body: ReadableStream<Uint8Array>, file: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  const target = createWriteStream(part, { flush: true });
  const source = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  try {
    if (file.endsWith('.gz')) await pipeline(source, wholeSoakFile, createGzip(), target);
    else await pipeline(source, wholeSoakFile, target);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`cannot save "${file}": ${messageOf(error)}`);
  }
}
