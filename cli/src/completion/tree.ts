import type { Command } from 'commander';

/** What can follow a command on the line. */
export interface Node {
  /** Names from the program on: `''`, `schedules`, `schedules put`. */
  path: string;
  words: Word[];
}

export interface Word {
  text: string;
  what: string;
  /** Of an option: what its value may be; null: it takes none, or any text. */
  values: readonly string[] | null;
}

/** Every command with its subcommands, options and the arguments that have fixed values. */
export function completionTree(program: Command): Node[] {
  return nodesOf(program, '');
}

function nodesOf(command: Command, path: string): Node[] {
  const subcommands = command.commands.map((each) => ({
    text: each.name(),
    what: each.description(),
    values: null,
  }));
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, argChoices }) =>
      long == null ? [] : [{ text: long, what: description, values: argChoices ?? null }],
    );
  const choices = command.registeredArguments.flatMap(({ argChoices, description }) =>
    (argChoices ?? []).map((text) => ({ text, what: description, values: null })),
  );
  const node = { path, words: [...subcommands, ...choices, ...options] };
  const below = command.commands.flatMap((each) => nodesOf(each, `${path} ${each.name()}`.trim()));
  return [node, ...below];
}

/** `--fail-on` → regression, over all commands. */
export function valuesByOption(nodes: readonly Node[]): [string, readonly string[]][] {
  const found = nodes.flatMap(({ words }) =>
    words.flatMap(({ text, values }): [string, readonly string[]][] =>
      values === null ? [] : [[text, values]],
    ),
  );
  return [...new Map(found)];
}
