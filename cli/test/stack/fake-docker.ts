import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readConfig } from '../../src/shell/config.ts';
import type { Context } from '../../src/shell/context.ts';
import { EXIT } from '../../src/shell/exit-code.ts';
import { Interrupts } from '../../src/shell/interrupts.ts';
import { plainTerminal } from '../plain-terminal.ts';

/** What `docker compose COMMAND` does. */
export interface Answer {
  out?: string;
  err?: string;
  code?: number;
  /** Ends only when the test says so (`release`). */
  held?: true;
}

/**
 * A folder with a compose.yaml, and a `docker` in front on the PATH that answers by a table: what
 * our own code asks for and makes of the answers. That Docker Compose takes these words is shown by
 * nothing here: compose-files.test.ts asks the real one for `config`, and the rest was tried by hand.
 */
export class FakeDocker {
  readonly folder: string;
  readonly terminal = plainTerminal();
  readonly interrupts = new Interrupts();
  readonly #bin: string;

  private constructor(root: string) {
    this.folder = join(root, 'stack');
    this.#bin = join(root, 'bin');
  }

  /** `answers`: by the command's first words, e.g. `up --no-start`; the longest that fits. */
  static async make(answers: Record<string, Answer>): Promise<FakeDocker> {
    const fake = new FakeDocker(await mkdtemp(join(tmpdir(), 'oversoak-test-docker-')));
    await Promise.all([mkdir(fake.folder), mkdir(fake.#bin)]);
    await writeFile(join(fake.folder, 'compose.yaml'), 'services: {}\n');
    await writeFile(join(fake.#bin, 'answers.json'), JSON.stringify(answers));
    await writeFile(join(fake.#bin, 'docker'), PROGRAM);
    await chmod(join(fake.#bin, 'docker'), 0o755);
    return fake;
  }

  context(environment: NodeJS.ProcessEnv = {}): Context {
    const PATH = [this.#bin, process.env.PATH].join(delimiter);
    return {
      config: readConfig({ PATH, ...environment }),
      terminal: this.terminal,
      interrupts: this.interrupts,
      exitCode: EXIT.noVerdict,
    };
  }

  /** The command lines so far, from the command on, with the files before it. */
  calls(): Promise<string[]> {
    return this.#noted('calls');
  }

  /** The commands so far, each with the profiles that the environment activated: `up: linux`. */
  profiles(): Promise<string[]> {
    return this.#noted('profiles');
  }

  async #noted(file: string): Promise<string[]> {
    const lines = await readFile(join(this.#bin, file), 'utf8').catch(() => '');
    return lines.split('\n').filter((line) => line !== '');
  }

  async release(): Promise<void> {
    await writeFile(join(this.#bin, 'released'), '');
  }

  async remove(): Promise<void> {
    await rm(join(this.folder, '..'), { recursive: true });
  }
}

const PROGRAM = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const words = process.argv.slice(2);
const at = words.lastIndexOf('-f') + 2;
const files = words.slice(0, at).filter((word) => word.endsWith('.yaml'));
const command = words.slice(at).join(' ');
appendFileSync(join(__dirname, 'calls'), files.join('+') + ' ' + command + '\\n');
const profiles = process.env.COMPOSE_PROFILES ?? 'none';
appendFileSync(join(__dirname, 'profiles'), words[at] + ': ' + profiles + '\\n');
const answers = JSON.parse(readFileSync(join(__dirname, 'answers.json'), 'utf8'));
const fits = Object.keys(answers).filter((key) => command.startsWith(key));
const key = fits.sort((a, b) => b.length - a.length)[0];
const { out = '', err = '', code = 0, held = false } = key === undefined
  ? { err: 'the test has no answer for: ' + command, code: 99 }
  : answers[key];
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
if (held) {
  const timer = setInterval(() => {
    if (existsSync(join(__dirname, 'released'))) clearInterval(timer);
  }, 20);
}
`;
