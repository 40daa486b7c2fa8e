import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeClusterFolder } from '../../src/cluster/agent-machine.ts';
import {
  requireFreePort,
  requireRedis,
  requireWritable,
  TEMPORARY,
} from '../../src/cluster/prerequisites.ts';
import { CannotRun } from '../../src/shell/failure.ts';
import { runsProgram } from '../runs-program.ts';

const folder = await mkdtemp(join(tmpdir(), 'oversoak-prerequisites-'));
after(() => rm(folder, { recursive: true }));
const { signal } = new AbortController();

async function listening(): Promise<{ port: number; close: () => void }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

const refusal = (text: RegExp) => (error: unknown) =>
  error instanceof CannotRun && text.test(error.message);

test('a folder that cannot be written is named, with the variable that names another', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const inFile = join(file, 'x');
  const text = /^cannot write .*file.x: not a directory; set TMPDIR to another folder$/;
  await assert.rejects(requireWritable(inFile, 'TMPDIR'), refusal(text));
  const made = join(folder, 'a', 'b');
  await requireWritable(made, 'TMPDIR');
  assert.deepEqual(await readdir(made), [], 'nothing is left in it');
});

test('the folder of a cluster is one that can be written', async (context) => {
  const file = join(folder, 'no-folder');
  await writeFile(file, '');
  const { [TEMPORARY]: before } = process.env;
  process.env[TEMPORARY] = file;
  context.after(() => {
    if (before === undefined) delete process.env[TEMPORARY];
    else process.env[TEMPORARY] = before;
  });
  const text = /^cannot write .*no-folder: .*; set (TMPDIR|TEMP) to another folder$/;
  await assert.rejects(makeClusterFolder({ wine: false }), refusal(text));
});

test('a port in use is refused with the option that chooses another', async () => {
  const { port, close } = await listening();
  const text = /^port \d+ is in use; choose another with --port N, or 0 for a free one$/;
  await assert.rejects(requireFreePort(port), refusal(text));
  close();
  await requireFreePort(port);
  await requireFreePort(0);
});

test('a Redis that cannot be reached is refused with its address, without its password', async () => {
  const { port, close } = await listening();
  await requireRedis(`redis://:secret@127.0.0.1:${port}`, signal);
  close();
  const text = /^Redis at 127\.0\.0\.1:\d+ \(--redis\) cannot be reached: connection refused$/;
  await assert.rejects(requireRedis(`redis://:secret@127.0.0.1:${port}`, signal), refusal(text));
});

test('demo and start look at all of it before they start anything', async () => {
  const taken = await listening();
  const run = runsProgram('http://127.0.0.1:9');
  const start = await run(['start', '--port', String(taken.port)]);
  taken.close();
  assert.match(start.err, /^oversoak: port \d+ is in use; .*\n$/);
  const demo = await run(['demo', '--redis', `redis://127.0.0.1:${taken.port}`]);
  assert.match(demo.err, /^oversoak: Redis at .* cannot be reached: connection refused\n$/);
  for (const command of ['demo', 'start']) {
    const { err, code } = await run([command, '--redis', 'http://:secret@x']);
    assert.match(err, /^oversoak: --redis must be a redis:\/\/ or rediss:\/\/ URL, e\.g\. \S+\n$/);
    assert.equal(code, 2);
  }
  assert.deepEqual([start.code, start.out, demo.code, demo.out], [2, '', 2, '']);
});
