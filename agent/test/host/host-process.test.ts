import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { REPOSITORY } from '@oversoak/testing/repository';
import { gatherEnvironment } from '../../src/host/environment.ts';
import { crashText, exitText, forkHost } from '../../src/host/host-process.ts';

const FORKS_A_HOST = `
import { forkHost } from ${JSON.stringify(`${REPOSITORY}agent/dist/src/host/host-process.js`)};
import { assignServer } from ${JSON.stringify(`${REPOSITORY}agent/dist/test/jobs.js`)};
const { part, phases } = assignServer('run-a');
const host = forkHost({
  onMessage: () => process.stdout.write(String(host.pid)),
  onExit: () => undefined,
});
host.send({ kind: 'prepare', engine: ${JSON.stringify(DRY_ENGINE)}, part, phases, peers: [], plugins: [] });
`;

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
      /not an engine: it does not export startServer, startFleet, capabilities, processFigures, heapFreeBytes, vers/,
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

  it('ends when its agent is killed', async () => {
    const agent = spawn(process.execPath, ['--input-type=module', '-e', FORKS_A_HOST], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(agent.stdout, 'data');
    assert.ok(isAlive(Number(pid)));
    agent.kill('SIGKILL');
    await once(agent, 'exit');
    for (let tries = 0; isAlive(Number(pid)); tries += 1) {
      assert.ok(tries < 200, 'the host process outlives its agent');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
