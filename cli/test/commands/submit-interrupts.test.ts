import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeApi, TOKEN } from '@oversoak/testing/api/fake-api';
import { comparedCell, comparison, run, soak } from '@oversoak/testing/builders/soaks';
import { runProgram } from '../../src/program.ts';
import { readConfig } from '../../src/shell/config.ts';
import { EXIT } from '../../src/shell/exit-code.ts';
import { Interrupts } from '../../src/shell/interrupts.ts';
import type { Ask } from '../../src/shell/terminal.ts';
import { plainTerminal } from '../plain-terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-cli-'));
const spec = join(folder, 'spec.yaml');
await writeFile(spec, 'name: demo\n');

let duringRequest = () => {};
const open = soak([run('run-1', 'queued')], { soakId: 'soak-1' });
const api = await fakeApi({
  'POST /v1/soaks': () => {
    duringRequest();
    return { status: 201, json: open };
  },
  'GET /v1/soaks/soak-1': () => ({ json: open }),
  'GET /v1/soaks/soak-1/comparison': ({ headers }) =>
    headers.accept === 'application/json'
      ? { json: comparison([comparedCell('iocp', { verdict: null })], { verdict: null }) }
      : { text: '', type: headers.accept ?? '' },
});
after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

/** Submits, and receives the signal while the API has the request. */
async function interrupted(signal: string, ask: Ask | null, ...options: string[]) {
  const interrupts = new Interrupts();
  duringRequest = () => interrupts.received(signal);
  const terminal = { ...plainTerminal(), ask };
  const config = readConfig({ OVERSOAK_URL: api.url, OVERSOAK_TOKEN: TOKEN });
  const context = { config, terminal, interrupts, exitCode: EXIT.noVerdict };
  const code = await runProgram(context, ['submit', spec, ...options]);
  return { code, isInstalled: interrupts.isInstalled, said: terminal.errors(), terminal };
}

test('Ctrl-C during the request is answered when the soak is known: it asks what to do', async () => {
  const questions: string[] = [];
  const ask: Ask = async (question) => {
    questions.push(question);
    return 'd';
  };
  const junit = join(folder, 'results.xml');
  const { code, said } = await interrupted('SIGINT', ask, '--watch', '--junit', junit);
  assert.equal(questions.length, 1);
  assert.match(questions[0] ?? '', /^Cancel the soak \(c\), leave it running/);
  assert.equal(code, EXIT.noVerdict);
  assert.match(said, /^Waiting for the API .*\n[\s\S]*Detached; the soak continues/);
  assert.match(await readFile(junit, 'utf8'), /<testsuite /);
});

for (const [signal, ask] of [
  ['SIGINT', null],
  ['SIGTERM', async () => assert.fail('asked')],
] as const) {
  test(`${signal} during the request detaches where nobody is asked`, async () => {
    const { code, said } = await interrupted(signal, ask, '--watch');
    assert.equal(code, EXIT.noVerdict);
    assert.match(
      said,
      /^Waiting for the API .*\n[\s\S]*Detached; the soak continues.* cancel soak-1\./,
    );
  });
}

test('without --watch the id of the soak is still said', async () => {
  const { code, isInstalled, terminal } = await interrupted('SIGINT', null);
  assert.deepEqual([code, isInstalled], [EXIT.passed, true]);
  assert.match(terminal.text(), /^Submitted soak-1: /);
});
