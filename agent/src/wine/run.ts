// node agent/dist/src/wine/run.js ARGS...: the Windows Node under Wine with these arguments, in a
// private prefix that is removed at the end. Output and exit code are passed through.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { follow } from './follow.ts';
import { wineNode } from './node.ts';
import { createPrefix, stopPrefix } from './prefix.ts';
import { windowsToolchain } from './toolchain.ts';

const { prefixTemplate, prefixesDir } = windowsToolchain();
await mkdir(prefixesDir, { recursive: true });
const prefixDir = await mkdtemp(join(prefixesDir, 'run-'));

let child: ChildProcess | undefined;
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stoppedBy ??= signal;
    child?.kill('SIGKILL');
  });
}

try {
  await createPrefix(prefixTemplate, prefixDir);
  const code = stoppedBy ? 0 : await runNode(process.argv.slice(2));
  process.exitCode = stoppedBy ? 128 + constants.signals[stoppedBy] : code;
} finally {
  await stopPrefix(prefixDir);
}

// Output goes through files: see wineNode.
async function runNode(argv: string[]): Promise<number> {
  const { command, args, env } = wineNode({ prefixDir });
  const output = [join(prefixDir, 'stdout'), join(prefixDir, 'stderr')] as const;
  const [stdout, stderr] = [await open(output[0], 'a'), await open(output[1], 'a')];
  child = spawn(command, [...args, ...argv], { env, stdio: ['ignore', stdout.fd, stderr.fd] });
  const unfollow = [follow(output[0], process.stdout), follow(output[1], process.stderr)];
  const [code] = await once(child, 'exit');
  for (const end of unfollow) end();
  await Promise.all([stdout.close(), stderr.close()]);
  return code ?? 1;
}
