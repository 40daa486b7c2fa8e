import { windowsToolchain } from './toolchain.ts';

export interface WineCommand {
  command: string;
  /** Precedes the program's own arguments. */
  args: string[];
  env: NodeJS.ProcessEnv;
}

// Variables of the Linux parent that would mislead a Windows child.
const parentOnly = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'NODE_CHANNEL_FD',
  'NODE_OPTIONS',
  'NODE_TEST_CONTEXT',
  'NODE_V8_COVERAGE',
];

/**
 * The environment of all Wine programs in the prefix; the template is created with the same one.
 */
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
 * Standard output and error must be files or a terminal (`stdio: ['pipe', fd, fd]`): Node under
 * Wine cannot open a Linux pipe as a stream and fails with EBADF at its first `console.log`. For
 * the same reason a child reads a piped standard input with plain file reads, not through
 * `process.stdin`. There are no signals: stop a child by a message, by the end of its input, or by
 * `kill()`, which is unconditional.
 */
export function wineNode({ prefixDir }: { prefixDir: string }): WineCommand {
  return {
    command: 'wine',
    args: [windowsToolchain().nodeExe],
    env: wineEnvironment(prefixDir),
  };
}
