import { stripVTControlCharacters } from 'node:util';
import { execCompose, type IDockerComposeResult } from 'docker-compose';
import { CannotRun } from '../shell/failure.ts';
import { explain } from './explain.ts';

/** Only the end of a command's output is kept, for error messages. */
const KEPT_CHARACTERS = 64 * 1024;

export interface ComposeOptions {
  /** Folder of compose.yaml; paths in it and the .env file are relative to this folder. */
  folder: string;
  /** Relative to the folder; later files override earlier ones. */
  files: readonly string[];
  environment: NodeJS.ProcessEnv;
}

export interface RunOptions {
  /** Called with each line as it arrives. */
  onLine?: (line: string, stream: 'out' | 'err') => void;
}

/** `docker compose` for one project. */
export class Compose {
  readonly #options: ComposeOptions;

  constructor(options: ComposeOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the standard output.
   * @throws CannotRun, with a remedy where one is known
   */
  async run(
    command: string,
    args: readonly string[],
    { onLine }: RunOptions = {},
  ): Promise<string> {
    const { folder, files, environment } = this.#options;
    const lines = onLine === undefined ? undefined : new Lines(onLine);
    try {
      const { out } = await execCompose(command, [...args], {
        cwd: folder,
        config: [...files],
        env: environment,
        composeOptions: ['--ansi', 'never', '--progress', 'plain'],
        ...(lines && {
          maxOutputLength: KEPT_CHARACTERS,
          callback: (chunk, stream) => lines.take(chunk, stream === 'stderr' ? 'err' : 'out'),
        }),
      });
      return out;
    } catch (error) {
      throw new CannotRun(explain(toFailure(error)));
    } finally {
      lines?.end();
    }
  }
}

/** The library rejects with the result of the process or with the error of its start. */
function toFailure(error: unknown): Parameters<typeof explain>[0] {
  if (error instanceof Error) {
    const code = 'code' in error ? String(error.code) : null;
    return { startError: code ?? error.message, output: '' };
  }
  const { exitCode, out, err } = error as IDockerComposeResult;
  return { exitCode, output: `${out}\n${err}` };
}

/** Splits two streams into lines. */
class Lines {
  readonly #onLine: (line: string, stream: 'out' | 'err') => void;
  readonly #rest = { out: '', err: '' };

  constructor(onLine: (line: string, stream: 'out' | 'err') => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer, stream: 'out' | 'err'): void {
    const lines = (this.#rest[stream] + chunk.toString()).split(/\r?\n/);
    this.#rest[stream] = lines.pop() ?? '';
    // Some versions clear the line (ESC [2K) before each, even on a pipe.
    for (const line of lines) this.#onLine(stripVTControlCharacters(line), stream);
  }

  end(): void {
    for (const stream of ['out', 'err'] as const) {
      if (this.#rest[stream] !== '') this.#onLine(this.#rest[stream], stream);
    }
  }
}
