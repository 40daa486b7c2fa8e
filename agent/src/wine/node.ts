import { windowsToolchain } from './toolchain.ts';

export interface WineCommand {
  command: string;
  /** Goes before the program's own arguments. */
  args: string[];
  env: NodeJS.ProcessEnv;
}

// What belongs to the Linux parent and would mislead a Windows child.
const parentOnly = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'NODE_CHANNEL_FD',
  'NODE_OPTIONS',
  'NODE_TEST_CONTEXT',
  'NODE_V8_COVERAGE',
];

/** The environment of every Wine program in the prefix. The template is made with the same one. */
export function wineEnvironment(prefixDir: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !parentOnly.includes(name));
  return {
    ...Object.fromEntries(inherited),
    WINEPREFIX: prefixDir,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
  };
}

/**
 * How to start the Windows Node in a prefix: spawn(command, [...args, script], { env, stdio }).
 *
 * Standard output and error must be files or a terminal (`stdio: ['pipe', fd, fd]`): Node under Wine
 * cannot open a Linux pipe as a stream and ends with EBADF at its first `console.log`. For the same
 * reason a child reads a piped standard input by plain file reads, not by `process.stdin`. Signals
 * do not exist: stop a child by message, by the end of its input, or by `kill()`, which is
 * unconditional.
 */
export function wineNode({ prefixDir }: { prefixDir: string }): WineCommand {
  return {
    command: 'wine',
    args: [windowsToolchain().nodeExe],
    env: wineEnvironment(prefixDir),
  };
}
