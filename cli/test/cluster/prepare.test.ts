import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Machine, makeWineMachine, whyNoCluster } from '../../src/cluster/prepare.ts';
import { Interrupted } from '../../src/shell/failure.ts';
import { Interrupts } from '../../src/shell/interrupts.ts';

const machine = (platform: string, ...programs: string[]): Machine => ({
  platform,
  has: (program) => programs.includes(program),
});
const WINE = ['wine', 'wineserver'];

test('a machine with Wine and Redis can have a cluster', () => {
  const ready = machine('linux x64', ...WINE, 'redis-server');
  assert.equal(whyNoCluster(ready, { ownRedis: true, wine: true }), null);
  assert.equal(whyNoCluster(machine('linux x64', ...WINE), { ownRedis: false, wine: true }), null);
  assert.equal(whyNoCluster(machine('win32 x64'), { ownRedis: false, wine: true }), null);
});

test('a cluster without Windows servers needs no Wine', () => {
  const plain = machine('linux x64', 'redis-server');
  assert.equal(whyNoCluster(plain, { ownRedis: true, wine: false }), null);
  assert.match(whyNoCluster(plain, { ownRedis: true, wine: true }) ?? '', /wine, wineserver$/m);
});

test('what is missing is named, with the packages that contain it', () => {
  assert.equal(
    whyNoCluster(machine('linux x64', 'wine', 'redis-server'), { ownRedis: true, wine: true }),
    [
      'missing on this machine: wineserver',
      'On Debian or Ubuntu, as root:',
      '  apt-get install --no-install-recommends wine wine64',
    ].join('\n'),
  );
  const all = whyNoCluster(machine('linux x64'), { ownRedis: true, wine: true }) ?? '';
  assert.match(all, /wine, wineserver, redis-server/);
  assert.match(all, /install .* wine wine64 redis-server$/m);
  assert.match(all, /--redis/);
  assert.doesNotMatch(
    whyNoCluster(machine('linux x64'), { ownRedis: false, wine: true }) ?? '',
    /redis/i,
  );
});

test('Redis does not run on Windows, and agents run nowhere else than on x64', () => {
  assert.match(whyNoCluster(machine('win32 x64'), { ownRedis: true, wine: true }) ?? '', /--redis/);
  const mac = machine('darwin arm64', ...WINE, 'redis-server');
  assert.match(whyNoCluster(mac, { ownRedis: true, wine: true }) ?? '', /not on darwin arm64/);
});

test('Ctrl-C while the Wine prefix is made is the end, and no failure of it', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'oversoak-prepare-'));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'deploy/setup'), { recursive: true });
  const script = 'console.log("making"); setTimeout(() => undefined, 60_000);';
  await writeFile(join(folder, 'deploy/setup/wine-machine.mjs'), script);
  const interrupts = new Interrupts();
  const stopped = makeWineMachine(folder, () => interrupts.abort('SIGINT'), interrupts.signal);
  await assert.rejects(stopped, new Interrupted('SIGINT'));
});
