// Native Linux agents in the cluster: servers of Linux without Wine, and servers of Windows that a
// Linux fleet loads.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { REPOSITORY } from '@oversoak/testing/repository';
import { ApiClient } from 'oversoak/api/client';
import { comparison, LINUX_PRESET_REFUSED, oversoak, specFile } from './commands.ts';
import { onIdleMachine } from './demo-process.ts';

const PRESET = join(REPOSITORY, 'presets', 'linux.yaml');
const LINUX = /^Linux \d/;

async function usesWine(pids: readonly number[]): Promise<boolean> {
  const environments = pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''));
  return (await Promise.all(environments)).some((text) => text.includes('WINEPREFIX='));
}

test('the Linux preset runs without Wine, and its figures are of Linux', {
  skip: LINUX_PRESET_REFUSED,
}, async (t) => {
  let wine = true;
  const demo = await onIdleMachine(async () => {
    const command = await oversoak(t, 'demo', PRESET, '--quick', '--json', 'out.json');
    await command.says(/^Submitted soak-/m);
    wine = await usesWine((await command.footprint()).pids);
    return command;
  });
  assert.equal(await demo.exitCode(), 0, demo.output);
  assert.equal(wine, false);
  assert.match(
    demo.output,
    /^Starting Redis, the control plane and agents \(two on Linux\) \.\.\.$/m,
  );
  const { verdict, platform, cells } = await comparison(demo);
  assert.equal(verdict, 'passed');
  assert.equal(platform.length, 1);
  assert.match(platform[0] ?? '', LINUX);
  assert.deepEqual(
    cells.map(({ key }) => key),
    ['epoll.homo.100', 'epoll.hetero.100', 'io-uring.homo.100', 'io-uring.hetero.100'],
  );
});

test('one soak compares a server under Wine with one of Linux, each from a Linux fleet', async (t) => {
  const spec = {
    name: 'two-platforms',
    matrix: { notifier: ['iocp', 'epoll'], sessions: [20] },
    workload: { ratePerSecond: 300, overSend: 4 },
    phases: { rampUpSeconds: 1, warmUpSeconds: 0.5, measureSeconds: 3, drainSeconds: 2 },
  };
  const file = await specFile(t, spec);
  const demo = await onIdleMachine(() => oversoak(t, 'demo', file, '--json', 'out.json'));
  assert.equal(await demo.exitCode(), 0, demo.output);
  const [iocp, epoll, ...more] = (await comparison(demo)).cells;
  assert.equal(more.length, 0);
  assert.deepEqual([iocp?.key, epoll?.key], ['iocp.homo.20', 'epoll.homo.20']);
  const [fleet = '', server = ''] = iocp?.platform ?? [];
  assert.match(fleet, /^fleet: Linux \d/);
  assert.match(server, /^server: Wine .*: correctness and relative cost, not Windows performance$/);
  assert.match(epoll?.platform.join() ?? '', LINUX);
});

test('a running cluster shows its Linux agents, and refuses what none of them can run', async (t) => {
  const start = await oversoak(t, 'start', '--port', '0');
  await start.says(/^Token +\S+$/m);
  const said = (name: string) =>
    start.output.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1] ?? '';
  const address = { url: said('API'), token: said('Token') };
  const agents = await new ApiClient(address).agents();
  assert.deepEqual(
    agents.map(({ agentId, environment }) => [agentId, environment.capabilities.platform]),
    [
      ['agent-a', 'windows'],
      ['agent-b', 'linux'],
      ['agent-c', 'linux'],
    ],
  );
  const api = ['--url', address.url, '--token', address.token];
  const table = await oversoak(t, 'agents', ...api);
  assert.equal(await table.exitCode(), 0, table.output);
  assert.match(table.output, /Linux \d[\s\S]*epoll, (not )?io-uring/);
  // The fleets of Linux are there, but their machine is none that an iocp server can be on.
  const file = await specFile(t, {
    name: 'nowhere',
    matrix: { notifier: ['epoll'], sessions: [20] },
    placement: { server: { rack: 'none' } },
    workload: { ratePerSecond: 100 },
    phases: { measureSeconds: 2 },
  });
  const refused = await oversoak(t, 'submit', file, ...api);
  assert.equal(await refused.exitCode(), 2, refused.output);
  assert.match(
    refused.output,
    /epoll × homo: .*notifier epoll \(linux\), layout homo, labels rack/,
  );
  assert.match(refused.output, /agent-b \(live; 1 slot; platform: linux; notifiers: epoll/);
  start.pressCtrlC();
  await start.exitCode();
});
