import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fakeApi, TOKEN } from '@oversoak/testing/api/fake-api';
import { comparedCell, comparison, run, soak } from '@oversoak/testing/builders/soaks';
import { ApiClient } from '../../src/api/client.ts';
import { endDemo } from '../../src/commands/end-demo.ts';
import { Outputs } from '../../src/output/outputs.ts';
import { readConfig } from '../../src/shell/config.ts';
import { EXIT } from '../../src/shell/exit-code.ts';
import { Interrupts } from '../../src/shell/interrupts.ts';
import { plainTerminal } from '../plain-terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-cli-'));
let asked = () => {};
/** Never done: its gang does not end. */
const open = soak([run('run-1', 'measuring')], { soakId: 'soak-1' });
const api = await fakeApi({
  'POST /v1/soaks/soak-1/cancel': () => ({ status: 202, json: open }),
  'GET /v1/soaks/soak-1': () => {
    asked();
    return { json: open };
  },
  'GET /v1/soaks/soak-1/comparison': () => ({
    json: comparison([comparedCell('iocp', { verdict: null })], { verdict: null }),
  }),
});
after(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

/** Ends a demo that had its first Ctrl-C. `again`: during the wait for the cancel. */
async function ended(again: (interrupts: Interrupts) => void, junit: string) {
  const interrupts = new Interrupts();
  const terminal = plainTerminal();
  /** What was there at each forced end. */
  const forced: boolean[] = [];
  interrupts.onForce(() => forced.push(existsSync(junit)));
  interrupts.received('SIGINT');
  asked = () => {
    asked = () => {};
    again(interrupts);
  };
  const config = readConfig({ OVERSOAK_URL: api.url, OVERSOAK_TOKEN: TOKEN });
  const context = { config, terminal, interrupts, exitCode: EXIT.noVerdict };
  const options = { junit };
  const outputs = await Outputs.open(context, options);
  const client = new ApiClient({ url: api.url, token: TOKEN });
  await endDemo(context, outputs, client, 'soak-1', options);
  return { forced, interrupts, said: terminal.errors() };
}

test('a second Ctrl-C ends a demo at once, with the files written', async () => {
  const junit = join(folder, 'second.xml');
  const { forced, said } = await ended((interrupts) => interrupts.received('SIGINT'), junit);
  assert.deepEqual(forced, [true]);
  assert.match(said, /^Cancelling .*\nThe cancel could not be confirmed: Ctrl-C\n$/);
});

test('a third one does not wait for the files', async () => {
  const junit = join(folder, 'third.xml');
  const { forced } = await ended((interrupts) => {
    interrupts.received('SIGINT');
    interrupts.received('SIGINT');
  }, junit);
  assert.equal(forced[0], false);
});

test('without a second one the cancel has its time, and nothing is forced', async () => {
  const junit = join(folder, 'first.xml');
  const { forced, interrupts, said } = await ended(() => {}, junit);
  assert.deepEqual([forced, existsSync(junit)], [[], true]);
  interrupts.received('SIGINT');
  assert.equal(forced.length, 1, 'while the cluster stops, the second ends the command at once');
  assert.match(said, /could not be confirmed: /);
});
