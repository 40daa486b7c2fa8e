import { type Command, Option } from 'commander';
import type { Context } from '../shell/context.ts';
import { CannotRun } from '../shell/failure.ts';
import type { Terminal } from '../shell/terminal.ts';
import {
  beside,
  checkWritable,
  identityOf,
  isStandardOutput,
  jsonText,
  STDOUT,
  writeText,
} from './destination.ts';
import { type Annotation, annotationLines, appendSummary } from './github.ts';

/** The formats that a result is written in; each has an option of that name. */
const FORMATS = {
  json: 'the whole result as JSON',
  csv: 'CSV',
  markdown: 'Markdown, for a pull request',
  junit: 'JUnit XML, for the test report of a CI system',
  html: 'the report as one HTML file that needs no network',
} as const;
export type Format = keyof typeof FORMATS;

/** File names by format; `-` is the standard output. */
export type OutputOptions = Partial<Record<Format, string>>;

/** A result in every format. */
export type Result = { json: unknown } & {
  [F in Exclude<Format, 'json'>]: () => string | Promise<string>;
} & {
  /** What a job on GitHub shows beside its log. */
  annotations?: readonly Annotation[];
};

/** `--json <file>` and the like. */
export function withOutputs(command: Command, formats: readonly Format[]): Command {
  for (const format of formats) {
    const text = `write ${FORMATS[format]} to this file; ${STDOUT}: to the standard output`;
    command.addOption(new Option(`--${format} <file>`, text));
  }
  return command;
}

/** Of two results in one file, the second would be all that is left. */
async function requireDistinct(files: readonly [Format, string][]): Promise<void> {
  const formats = new Map<string, Format>();
  for (const [format, file] of files) {
    const identity = await identityOf(file);
    if (identity === undefined) continue;
    const before = formats.get(identity);
    if (before !== undefined) {
      const [where, remedy] =
        file === STDOUT
          ? ['the standard output', 'give one of them a file']
          : [`"${file}"`, 'give each a file of its own'];
      throw new CannotRun(`--${before} and --${format} both write to ${where}; ${remedy}`);
    }
    formats.set(identity, format);
  }
}

/** Where a result goes beside the text for people. */
export class Outputs {
  /** For people. The standard error while a program reads the standard output. */
  readonly terminal: Terminal;
  readonly #context: Context;
  readonly #files: readonly [Format, string][];

  private constructor(context: Context, files: readonly [Format, string][]) {
    this.#context = context;
    this.#files = files;
    const taken = files.some(([, file]) => file === STDOUT);
    this.terminal = taken ? beside(context.terminal) : context.terminal;
  }

  /** Refuses what could not be written at the end. */
  static async open(context: Context, options: OutputOptions): Promise<Outputs> {
    const files: [Format, string][] = [];
    for (const format of Object.keys(FORMATS) as Format[]) {
      const file = options[format];
      if (file === undefined) continue;
      await checkWritable(file);
      files.push([format, (await isStandardOutput(file)) ? STDOUT : file]);
    }
    await requireDistinct(files);
    return new Outputs(context, files);
  }

  /** A result that only `--json` takes. */
  async writeJson(value: unknown): Promise<void> {
    const { json } = Object.fromEntries(this.#files) as OutputOptions;
    if (json !== undefined) await writeText(json, jsonText(value), this.#context.terminal);
  }

  async write(result: Result): Promise<void> {
    for (const [format, file] of this.#files) {
      const text = format === 'json' ? jsonText(result.json) : await result[format]();
      await writeText(file, text, this.#context.terminal);
    }
    const { github } = this.#context.config;
    if (github === null) return;
    for (const line of annotationLines(result.annotations ?? [])) {
      this.terminal.out.write(`${line}\n`);
    }
    if (github.summary !== undefined) await appendSummary(github.summary, await result.markdown());
  }
}
