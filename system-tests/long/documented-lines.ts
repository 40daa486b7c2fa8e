import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@oversoak/testing/repository';

/** `<!-- not run: REASON -->` before a block says why a test cannot run it. */
const BLOCK = /^(?:<!-- not run: ([^\n]+) -->\n)?```(\w*)\n(.*?)^```$/gms;

export interface DocumentedBlock {
  language: string;
  text: string;
  /** Null: it is run. */
  notRunBecause: string | null;
}

export function blocksOf(page: string): DocumentedBlock[] {
  const markdown = readFileSync(join(REPOSITORY, page), 'utf8');
  return [...markdown.matchAll(BLOCK)].map(([, reason, language = '', text = '']) => ({
    language,
    text,
    notRunBecause: reason ?? null,
  }));
}

/** The words after `oversoak` of each line of a shell block that calls it. */
export function commandsOf({ text }: DocumentedBlock): string[][] {
  return text.split('\n').flatMap((line) => {
    const [, command] = line.match(/^(?:npx )?oversoak (.*?)(?:\s+#.*)?$/) ?? [];
    if (command === undefined) return [];
    const words = command.match(/"[^"]*"|\S+/g) ?? [];
    return [words.map((word) => word.replace(/^"(.*)"$/, '$1'))];
  });
}

export interface DocumentedScript {
  /** Of package.json; of npm's own commands, such as `npm install`, the command. */
  script: string;
  args: string[];
}

/** npm's commands that are scripts without `run`. */
const SHORT = ['start', 'test'];

/** The lines of a shell block that call npm. */
export function npmLinesOf({ text }: DocumentedBlock): DocumentedScript[] {
  return text.split('\n').flatMap((line) => {
    const [, run, script = '', args = ''] =
      line.match(/^npm (run )?(\S+)(?: -- (.*?))?(?:\s+#.*)?$/) ?? [];
    if (script === '') return [];
    const isScript = run !== undefined || SHORT.includes(script);
    return [{ script: isScript ? script : `npm ${script}`, args: args.split(' ').filter(Boolean) }];
  });
}

/** The name that a block of YAML has in its first line. */
export function fileNameOf({ text }: DocumentedBlock): string | null {
  return text.match(/^# (\S+\.yaml)$/m)?.[1] ?? null;
}
