import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Machine, whyNoCluster } from '../../src/cluster/prepare.ts';

const machine = (platform: string, ...programs: string[]): Machine => ({
  platform,
  has: (program) => programs.includes(program),
});
const WINE = ['wine', 'wineserver'];

test('a machine with Wine and Redis can have a cluster', () => {
  const ready = machine('linux x64', ...WINE, 'redis-server');
  assert.equal(whyNoCluster(ready, { ownRedis: true }), null);
  assert.equal(whyNoCluster(machine('linux x64', ...WINE), { ownRedis: false }), null);
  assert.equal(whyNoCluster(machine('win32 x64'), { ownRedis: false }), null);
});

test('what is missing is named, with the packages that contain it', () => {
  assert.equal(
    whyNoCluster(machine('linux x64', 'wine', 'redis-server'), { ownRedis: true }),
    [
      'missing on this machine: wineserver',
      'On Debian or Ubuntu, as root:',
      '  apt-get install --no-install-recommends wine wine64',
    ].join('\n'),
  );
  const all = whyNoCluster(machine('linux x64'), { ownRedis: true }) ?? '';
  assert.match(all, /wine, wineserver, redis-server/);
  assert.match(all, /install .* wine wine64 redis-server$/m);
  assert.match(all, /--redis/);
  assert.doesNotMatch(whyNoCluster(machine('linux x64'), { ownRedis: false }) ?? '', /redis/i);
});

test('Redis does not run on Windows, and agents run nowhere else than on x64', () => {
  assert.match(whyNoCluster(machine('win32 x64'), { ownRedis: true }) ?? '', /--redis/);
  const mac = machine('darwin arm64', ...WINE, 'redis-server');
  assert.match(whyNoCluster(mac, { ownRedis: true }) ?? '', /not on darwin arm64/);
});
