import { stripVTControlCharacters } from 'node:util';
import { execCompose, type IDockerComposeResult } from 'docker-compose';
import { CannotRun } from '../shell/failure.ts';
import { explain } from './explain.ts';

/** Of what a command says, only the end is kept for an explanation. */
const KEPT_CHARACTERS = 64 * 1024;

export interface ComposeOptions {
  /** Of compose.yaml; paths in it and the .env are taken from there. */
  folder: string;
  /** Relative to the folder; later ones go over earlier ones. */
  files: readonly string[];
  environment: NodeJS.ProcessEnv;
}

export interface RunOptions {
  /** Called with each line as it comes. */
  onLine?: (line: string, stream: 'out' | 'err') => void;
}

/** `docker compose` of one project. */
export class Compose {
  readonly #options: ComposeOptions;

  constructor(options: ComposeOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the standard output.
   * @throws CannotRun, with what the user can do about it where that is known.
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

/** The library rejects with the result of the process, or with the error of its start. */
function toFailure(error: unknown): Parameters<typeof explain>[0] {
  if (error instanceof Error) {
    const code = 'code' in error ? String(error.code) : null;
    return { startError: code ?? error.message, said: '' };
  }
  const { exitCode, out, err } = error as IDockerComposeResult;
  return { exitCode, said: `${out}\n${err}` };
}

/** Cuts two streams into lines. */
class Lines {
  readonly #onLine: (line: string, stream: 'out' | 'err') => void;
  readonly #rest = { out: '', err: '' };

  constructor(onLine: (line: string, stream: 'out' | 'err') => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer, stream: 'out' | 'err'): void {
    const lines = (this.#rest[stream] + chunk.toString()).split(/\r?\n/);
    this.#rest[stream] = lines.pop() ?? '';
    // Some versions clear a line (ESC [2K) before each of them, also for a pipe.
    for (const line of lines) this.#onLine(stripVTControlCharacters(line), stream);
  }

  end(): void {
    for (const stream of ['out', 'err'] as const) {
      if (this.#rest[stream] !== '') this.#onLine(this.#rest[stream], stream);
    }
  }
}
