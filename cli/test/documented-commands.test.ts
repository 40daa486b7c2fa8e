// Every command line that the documentation and the pipelines show is one that the program takes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import type { Command } from 'commander';
import { createProgram } from '../src/program.ts';
import { readConfig } from '../src/shell/config.ts';
import { EXIT } from '../src/shell/exit-code.ts';
import { Interrupts } from '../src/shell/interrupts.ts';
import { plainTerminal } from './plain-terminal.ts';

const below = (folder: string, ends: string) =>
  readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ends))
    .map((name) => join(folder, name));

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...below('docs', '.md')];
const PIPELINES = [...below('examples', '.yml'), ...below('.github/workflows', '.yml')];

/** A command line up to a comment, a pipe, or what else follows it. */
const LINE = /(?:^|[\s`|])(?:npx )?oversoak ([^\n`#|&>;]+)/g;
/** `npm run demo -- ARGS` and `npm start -- ARGS`. */
const SCRIPT = /\bnpm (?:run )?(demo|start|probe)(?: -- ([^\n`#|&>]+))?/g;

/** Code of a page: its shell blocks, and what is between backticks. */
function codeOf(markdown: string): string[] {
  const fence = /^```(\w*)\n(.*?)^```$/gms;
  const blocks = [...markdown.matchAll(fence)].filter(([, language]) => language === 'sh');
  const prose = markdown.replaceAll(fence, '');
  return [
    ...blocks.map(([, , text = '']) => text),
    ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text),
  ];
}

function commandsIn(code: string): string[] {
  const scripts = [...code.matchAll(SCRIPT)].map(([, name, args = '']) => `${name} ${args}`);
  const lines = [...code.matchAll(LINE)].map(([, args = '']) => args);
  return [...lines, ...scripts].map((line) => line.trim());
}

/** What stands for a value that has a form. */
const PLACEHOLDERS: Record<string, string> = {
  URL: 'http://127.0.0.1:4318',
  ADDRESS: '10.0.0.7',
  '--redis URL': 'redis://127.0.0.1:6379',
  '--redis $env:REDIS_URL': 'redis://127.0.0.1:6379',
};

/** The words of a command line; a placeholder in brackets may be left out. */
function words(line: string): string[] {
  const found = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return found
    .filter((word) => !word.startsWith('['))
    .map(
      (word, at, all) =>
        PLACEHOLDERS[`${all[at - 1]} ${word}`] ??
        PLACEHOLDERS[word] ??
        word.replace(/^["']|["']$/g, ''),
    );
}

function withoutActions(command: Command): void {
  command.action(() => undefined);
  for (const each of command.commands) withoutActions(each);
}

/** Whether a command is only named, such as `oversoak tokens create`. */
function isNamed(program: Command, names: readonly string[]): boolean {
  let command: Command | undefined = program;
  for (const name of names) command = command?.commands.find((each) => each.name() === name);
  return command !== undefined;
}

async function refusalOf(line: string): Promise<string | null> {
  const terminal = plainTerminal();
  const context = {
    config: readConfig({}),
    terminal,
    interrupts: new Interrupts(),
    exitCode: EXIT.noVerdict,
  };
  const argv = words(line);
  const program = await createProgram(context, argv);
  if (isNamed(program, argv)) return null;
  for (const command of program.commands) withoutActions(command);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return null;
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string };
    return exitCode === 0 ? null : `${line}: ${message}`;
  }
}

/** `oversoak COMMAND …` and a bare `oversoak` are no command lines. */
const isWhole = (line: string) => !/…|\.\.\.|\bCOMMAND\b/.test(line) && /^[a-z-]/.test(line);

test('the program accepts the command lines of the documentation', async () => {
  const lines = [
    ...PAGES.flatMap((page) => codeOf(readFileSync(join(REPOSITORY, page), 'utf8'))),
    ...PIPELINES.map((file) => readFileSync(join(REPOSITORY, file), 'utf8')),
  ]
    .flatMap(commandsIn)
    .filter(isWhole);
  assert.ok(new Set(lines).size > 40, `only ${lines.length} were found`);
  const refused = await Promise.all([...new Set(lines)].map(refusalOf));
  assert.deepEqual(
    refused.filter((each) => each !== null),
    [],
  );
});

test('the check finds a wrong option, a wrong command and a missing argument', async () => {
  for (const line of [
    'submit a.yaml --wach',
    'sbmit a.yaml',
    'sbmit',
    'compare a b c',
    'demo --fail-on x',
  ]) {
    assert.notEqual(await refusalOf(line), null, line);
  }
  assert.deepEqual(commandsIn('npx oversoak soaks # newest\nnpm start -- --redis URL'), [
    'soaks',
    'start --redis URL',
  ]);
});
