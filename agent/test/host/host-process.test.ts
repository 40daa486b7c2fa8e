import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { REPOSITORY } from '@oversoak/testing/repository';
import { until } from '@oversoak/testing/waiting/until';
import { gatherEnvironment } from '../../src/host/environment.ts';
import { crashText, exitText, forkHost, type HostExit } from '../../src/host/host-process.ts';

const FORKS_A_HOST = `
import { forkHost } from ${JSON.stringify(`${REPOSITORY}agent/dist/src/host/host-process.js`)};
const host = forkHost({
  onMessage: ({ capabilities }) =>
    process.stdout.write(JSON.stringify({ pid: host.pid, otherPid: capabilities.otherPid })),
  onExit: () => undefined,
});
host.send({ kind: 'capabilities', engine: process.argv[1] });
`;

/** An engine whose process starts another one, which has all its pipes; not so that it waits. */
const STARTS_ANOTHER = `
import { spawn } from 'node:child_process';
export const version = '0';
export const startServer = () => undefined;
export const startFleet = startServer;
export const processFigures = startServer;
export const heapHoles = startServer;
export function capabilities() {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
    stdio: ['ignore', 'ignore', 2, 3],
    detached: import.meta.filename.includes('far'),
  });
  other.unref();
  return { otherPid: other.pid };
}
`;

function startsAnother(t: TestContext, name: 'near' | 'far'): string {
  const folder = mkdtempSync(join(tmpdir(), 'oversoak-test-host-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, STARTS_ANOTHER);
  return file;
}

/** A host that has started another process. */
async function hostWithOther(t: TestContext, name: 'near' | 'far') {
  const capabilities = Promise.withResolvers<unknown>();
  const exited = Promise.withResolvers<HostExit>();
  const host = forkHost({
    onMessage: (message) => {
      if (message.kind === 'capabilities') capabilities.resolve(message.capabilities);
      else capabilities.reject(new Error(JSON.stringify(message)));
    },
    onExit: (exit) => exited.resolve(exit),
  });
  t.after(() => host.kill());
  host.send({ kind: 'capabilities', engine: startsAnother(t, name) });
  const { otherPid } = (await capabilities.promise) as { otherPid: number };
  t.after(() => {
    if (isAlive(otherPid)) process.kill(otherPid, 'SIGKILL');
  });
  assert.ok(host.pid !== undefined);
  return { host, pid: host.pid, otherPid, exited: exited.promise };
}

const BOUNDED = { timeout: 20_000 };

describe('a host process that has started another one', () => {
  it('has ended when it has, and the other one with it', BOUNDED, async (t) => {
    const { pid, otherPid, exited } = await hostWithOther(t, 'near');
    process.kill(pid, 'SIGKILL');
    const exit = await exited;
    assert.deepEqual(exit, { code: null, signal: 'SIGKILL', stderrTail: '', leftOthers: true });
    await hasGone(otherPid);
  });

  it('is killed with the other one', BOUNDED, async (t) => {
    const { host, otherPid, exited } = await hostWithOther(t, 'near');
    host.kill();
    assert.equal((await exited).signal, 'SIGKILL');
    await hasGone(otherPid);
  });

  it('has ended when it has, though the other one has left its group', BOUNDED, async (t) => {
    const { pid, otherPid, exited } = await hostWithOther(t, 'far');
    process.kill(pid, 'SIGKILL');
    const exit = await exited;
    assert.deepEqual(exit, { code: null, signal: 'SIGKILL', stderrTail: '', leftOthers: false });
    assert.ok(isAlive(otherPid));
  });

  it('ends with the other one when its agent is killed', BOUNDED, async (t) => {
    const agent = spawn(
      process.execPath,
      ['--input-type=module', '-e', FORKS_A_HOST, startsAnother(t, 'near')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [said] = await once(agent.stdout, 'data');
    const { pid, otherPid } = JSON.parse(String(said));
    t.after(() => {
      for (const each of [pid, otherPid]) if (isAlive(each)) process.kill(each, 'SIGKILL');
    });
    assert.ok(isAlive(pid) && isAlive(otherPid));
    agent.kill('SIGKILL');
    await hasGone(pid);
    await hasGone(otherPid);
  });
});

describe('a host process', () => {
  it('reports the environment of its engine', async () => {
    const { environment, fork } = await gatherEnvironment(forkHost, DRY_ENGINE);
    assert.equal(environment.nodeVersion, process.version);
    assert.equal(environment.capabilities.systemVersion, '10.0.0');
    // The host that reported its environment serves the next run, and only that one.
    const exited = Promise.withResolvers<void>();
    const onMessage = () => undefined;
    const first = fork({ onMessage, onExit: () => exited.resolve() });
    const second = fork({ onMessage, onExit: () => undefined });
    assert.notEqual(first.pid, second.pid);
    second.kill();
    first.kill();
    await exited.promise;
  });

  it('refuses a module that is not an engine, by name', async () => {
    await assert.rejects(
      gatherEnvironment(forkHost, 'node:path'),
      /not an engine: it does not export startServer, startFleet, capabilities, processFigures, heapHoles, vers/,
    );
  });

  it('reports how it ended', () => {
    assert.equal(exitText({ code: 7, signal: null }), 'exit code 7');
    assert.equal(exitText({ code: null, signal: 'SIGSEGV' }), 'signal SIGSEGV');
    const code = 0xc0000005;
    assert.equal(exitText({ code, signal: null }), 'exit code 0xC0000005 (access violation)');
    assert.equal(exitText({ code: code | 0, signal: null }), exitText({ code, signal: null }));
    assert.equal(exitText({ code: 0xe0000001, signal: null }), 'exit code 0xE0000001');
    const stderrTail = 'fatal: pending count below zero\n    at somewhere';
    assert.equal(
      crashText({ code: 0, signal: null, stderrTail: '' }),
      'exit code 0, as of a process that was killed from outside',
    );
    assert.match(crashText({ code: 3, signal: null, stderrTail }), /it said: fatal: pending count/);
  });

  it('reports the last line of native code before what others wrote', () => {
    const own = 'oversoak: fatal: the plug-in xor.so crashed in hear (SIGSEGV)';
    const lines = ['fatal: what a plug-in writes', 'oversoak: fatal: as if', own, 'Error: at last'];
    assert.equal(
      crashText({ code: null, signal: 'SIGSEGV', stderrTail: lines.join('\r\n') }),
      'signal SIGSEGV; it said: fatal: the plug-in xor.so crashed in hear (SIGSEGV)',
    );
  });

  it('ends when its agent is killed', async () => {
    const agent = spawn(process.execPath, ['--input-type=module', '-e', FORKS_A_HOST, DRY_ENGINE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(agent.stdout, 'data');
    const { pid } = JSON.parse(String(said));
    assert.ok(isAlive(pid));
    agent.kill('SIGKILL');
    await hasGone(pid);
  });
});

const hasGone = (pid: number) => until(`the end of process ${pid}`, () => !isAlive(pid));

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
