import { type Node, valuesByOption } from './tree.ts';

/** One script per shell: what can follow each command is written out, so Tab starts no process. */
export const SHELLS = { bash, zsh, fish, powershell } as const;
export type Shell = keyof typeof SHELLS;

const single = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const firstLine = (text: string) => (text.split(/[\n;]/)[0] ?? '').trim();

/** The shell's own word for a pattern that is one of the commands. */
const patterns = (nodes: readonly Node[]) =>
  nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => single(path))
    .join('|');

function bash(nodes: readonly Node[]): string {
  const texts = ({ words }: Node) => single(words.map(({ text }) => text).join(' '));
  return `# bash completion of oversoak: source <(oversoak completion bash)
_oversoak() {
  local at='' next word found
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${at:+$at }$word"
    case "$next" in ${patterns(nodes)}) at=$next ;; esac
  done
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${valuesByOption(nodes)
  .map(([option, values]) => `    ${option}) found=${single(values.join(' '))} ;;`)
  .join('\n')}
    *) case "$at" in
${nodes.map((node) => `      ${single(node.path)}) found=${texts(node)} ;;`).join('\n')}
    esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$found" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _oversoak oversoak
`;
}

function zsh(nodes: readonly Node[]): string {
  const described = ({ words }: Node) =>
    words
      .map(({ text, what }) => single(`${text}:${firstLine(what).replaceAll(':', '\\:')}`))
      .join(' ');
  return `#compdef oversoak
# zsh completion of oversoak: source <(oversoak completion zsh)
_oversoak() {
  local at='' next word
  local -a found
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in (${patterns(nodes)}) at=$next ;; esac
  done
  case "\${words[CURRENT-1]}" in
${valuesByOption(nodes)
  .map(([option, values]) => `    (${option}) found=(${values.map(single).join(' ')}) ;;`)
  .join('\n')}
    (*) case "$at" in
${nodes.map((node) => `      (${single(node.path)}) found=(${described(node)}) ;;`).join('\n')}
    esac ;;
  esac
  _describe oversoak found || _files
}
compdef _oversoak oversoak
`;
}

function fish(nodes: readonly Node[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
  const lines = nodes.flatMap(({ path, words }) =>
    words.map(({ text, what, values }) => {
      const condition = `-n ${quoted(`__oversoak_at ${path === '' ? "''" : quoted(path)}`)}`;
      const value = values === null ? '' : ` -x -a ${quoted(values.join(' '))}`;
      const word = text.startsWith('--') ? `-l ${text.slice(2)}${value}` : `-a ${quoted(text)}`;
      return `complete -c oversoak ${condition} ${word} -d ${quoted(firstLine(what))}`;
    }),
  );
  const known = nodes.filter(({ path }) => path !== '').map(({ path }) => quoted(path));
  return `# fish completion of oversoak: oversoak completion fish | source
function __oversoak_at
  set -l at ''
  for word in (commandline -opc)[2..]
    set -l next (string trim "$at $word")
    contains -- $next ${known.join(' ')}; and set at $next
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function powershell(nodes: readonly Node[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const list = (texts: readonly string[]) => `@(${texts.map(quoted).join(', ')})`;
  const table = (rows: readonly [string, readonly string[]][]) =>
    rows.map(([name, texts]) => `    ${quoted(name)} = ${list(texts)}`).join('\n');
  return `# PowerShell completion of oversoak: oversoak completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName oversoak -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${table(nodes.map(({ path, words }) => [path, words.map(({ text }) => text)]))}
  }
  $values = @{
${table(valuesByOption(nodes))}
  }
  $given = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -ne '' -and $given.Count -gt 0) { $given = @($given | Select-Object -SkipLast 1) }
  $at = ''
  foreach ($word in $given) {
    $next = "$at $word".Trim()
    if ($commands.ContainsKey($next)) { $at = $next }
  }
  $last = if ($given.Count -gt 0) { $given[-1] } else { '' }
  $found = if ($values.ContainsKey($last)) { $values[$last] } else { $commands[$at] }
  $found | Where-Object { $_ -like "$wordToComplete*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;
}
