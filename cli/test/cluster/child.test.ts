import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { Child, READY_MS } from '../../src/cluster/child.ts';
import { jsonLine } from '../../src/cluster/log-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-child-'));
after(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
let logs = 0;

const start = (script: string, command = process.execPath, stopMs?: number) => {
  logs += 1;
  return Child.start({
    name: 'the part',
    command,
    args: ['-e', script],
    env: process.env,
    cwd: folder,
    logFile: join(folder, `${logs}.log`),
    stopBy: 'stdin-end',
    ...(stopMs === undefined ? {} : { stopMs }),
  });
};

const LISTENING = `console.log('{"listening":"http://x"}');`;
const UNTIL_STDIN_ENDS = `process.stdin.resume().on('end', () => process.exit(0));`;
const ready = jsonLine('listening');

test('ready returns the expected line; the end of its input stops a child', async () => {
  const child = await start(`console.log('starting'); ${LISTENING} ${UNTIL_STDIN_ENDS}`);
  let lost: Error | undefined;
  child.onLost((error) => {
    lost = error;
  });
  assert.equal(await child.ready(ready, 20_000, never), 'http://x');
  await child.stop();
  await child.stop();
  assert.equal(lost, undefined, 'a stop is not a loss');
});

test('a child that ends before it is ready is reported with its last lines', async () => {
  const child = await start(`console.error('OVERSOAK_PORT is "x"'); process.exitCode = 3`);
  await assert.rejects(child.ready(ready, 20_000, never), {
    name: 'CannotRun',
    message: 'the part ended with exit code 3; its last lines:\n    OVERSOAK_PORT is "x"',
  });
  await child.stop();
});

test('a child that is alive and slow is waited for, with a limit far beyond what it takes', () => {
  // Agents took 90 s and more, and a control plane 20 s, on a machine with ten times its load.
  assert.ok(READY_MS >= 10 * 90_000);
});

test('a missing program is reported', async () => {
  const child = await start('', join(folder, 'no-such-program'));
  await assert.rejects(child.ready(ready, 20_000, never), /could not be started: .*ENOENT/);
  await child.stop();
});

test('a child that is not ready in time is reported, and one that does not stop is killed', async () => {
  const child = await start(`setInterval(() => undefined, 1000);`, undefined, 100);
  await assert.rejects(
    child.ready(ready, 10, never),
    /was not ready within 0.01 s; it has logged nothing$/,
  );
  await child.stop();
});

test('an abort ends the wait with the reason of the signal', async () => {
  const child = await start(UNTIL_STDIN_ENDS);
  await assert.rejects(
    child.ready(ready, 20_000, AbortSignal.abort(new Error('Ctrl-C'))),
    /Ctrl-C/,
  );
  await child.stop();
});

test('a child that ends unexpectedly is lost', async () => {
  const child = await start(
    `${LISTENING} ${UNTIL_STDIN_ENDS} setTimeout(() => process.abort(), 1)`,
  );
  const lost = new Promise<Error>((resolve) => child.onLost(resolve));
  await child.ready(ready, 20_000, never);
  assert.match((await lost).message, /^the part was ended by SIGABRT/);
  await child.stop();
});

test('a child ends when its parent is killed with SIGKILL', async () => {
  const script = join(folder, 'parent.mjs');
  const pidFile = join(folder, 'pid');
  const childModule = `${REPOSITORY}cli/dist/src/cluster/child.js`;
  await writeFile(
    script,
    `import { Child, READY_MS } from ${JSON.stringify(childModule)};
     await Child.start({
       name: 'x', command: process.execPath, env: process.env, cwd: ${JSON.stringify(folder)},
       args: ['-e', ${JSON.stringify(
         `process.stdin.resume().on('end', () => {
            require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, 'ended');
            process.exit();
          });
          console.log('up')`,
       )}],
       logFile: ${JSON.stringify(join(folder, 'hard.log'))}, stopBy: 'stdin-end',
     }).then((child) => child.ready((line) => line || undefined, 20000, new AbortController().signal));
     console.log('ready');`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  const deadlineMs = Date.now() + 20_000;
  while (!existsSync(pidFile)) {
    assert.ok(Date.now() < deadlineMs, 'the child still runs');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
