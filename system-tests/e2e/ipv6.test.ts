// A native Linux agent whose servers are reached over IPv6, and targets by name and by address.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { RunWithResult } from '@oversoak/contracts';
import { skipWithoutIpv6 } from '@oversoak/testing/peers/ipv6';
import { until } from '@oversoak/testing/waiting/until';
import { ApiClient } from 'oversoak/api/client';
import type { Child } from 'oversoak/cluster/child';
import { agentSettings, inheritedEnvironment } from 'oversoak/cluster/environment';
import { findPrograms } from 'oversoak/cluster/programs';
import { redisUrl } from 'oversoak/cluster/redis';
import { readConfig } from 'oversoak/shell/config';
import { PlaneProcess, TOKEN } from '../faults/plane-process.ts';
import { PASSWORD, RedisProcess } from '../faults/redis-process.ts';
import { startProgram } from '../faults/start-program.ts';

const PATIENCE_MS = 120_000;
const SOAK = {
  workload: { ratePerSecond: 200, overSend: 4 },
  phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 2, drainSeconds: 5 },
};

const skip = await skipWithoutIpv6();

/** A plain echo server of Node on loopback of IPv6; it ends with the test. */
async function echoServer(context: TestContext): Promise<number> {
  const server = createServer((socket) => {
    context.after(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  context.after(() => void server.close());
  server.listen(0, '::1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a cluster whose agent has an address of IPv6', { skip }, () => {
  let folder: string;
  let redis: RedisProcess;
  let plane: PlaneProcess;
  let agent: Child;
  let api: ApiClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oversoak-ipv6-'));
    const environment = inheritedEnvironment(readConfig().environment);
    redis = await RedisProcess.start(join(folder, 'redis'), environment);
    plane = await PlaneProcess.start('plane', redis.port, folder, environment);
    api = new ApiClient({ url: plane.url, token: TOKEN });
    const url = redisUrl(redis.port, PASSWORD);
    agent = await startProgram({
      name: 'sixth',
      file: findPrograms().agent,
      env: {
        ...environment,
        ...agentSettings({ redisUrl: url, agentId: 'sixth', spoolFolder: join(folder, 'spool') }),
        OVERSOAK_ADVERTISE_HOST: '::1',
        OVERSOAK_SLOTS: '2',
      },
      logFile: join(folder, 'agent.log'),
      readyWith: 'registered',
    });
  });
  after(async () => {
    await agent?.stop();
    await plane?.stop();
    await redis?.kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function ran(spec: object): Promise<RunWithResult> {
    const text = JSON.stringify({ ...SOAK, ...spec });
    const { soakId } = await api.submit({ text, contentType: 'application/json' });
    const done = async () => (await api.soak(soakId)).state === 'done';
    await until('the soak to end', done, PATIENCE_MS);
    return api.run((await api.soak(soakId)).runs[0]?.runId ?? '');
  }

  /** A busy machine may make a run inconclusive; it is never the server's failure. */
  function assertEchoed({ result, judgement }: RunWithResult): void {
    assert.notEqual(judgement?.verdict, 'failed', JSON.stringify(judgement));
    const fleet = result?.fleets.sixth;
    assert.ok((fleet?.figures.final.ledger.echoed ?? 0) > 100, JSON.stringify(judgement));
    assert.equal(fleet?.firstErrors, undefined);
  }

  test('its server listens there, and its fleet connects', async () => {
    const run = await ran({ name: 'sixth', matrix: { notifier: ['epoll'], sessions: [20] } });
    assertEchoed(run);
    assert.equal(run.result?.server?.figures.final.sessions.accepted, 20);
  });

  test('its fleet loads a target at an address of IPv6', async (t) => {
    const target = { host: '::1', port: await echoServer(t), protocol: 'raw' };
    const run = await ran({ name: 'target', matrix: { sessions: [20] }, target });
    assertEchoed(run);
    assert.equal(run.result?.fleets.sixth?.targetAddress, undefined, 'nothing was resolved');
  });

  test('a name that cannot be resolved makes the run inconclusive, with the reason', async () => {
    const target = { host: 'nobody.invalid', port: 7, protocol: 'raw' };
    const { judgement } = await ran({ name: 'nobody', matrix: { sessions: [20] }, target });
    assert.equal(judgement?.verdict, 'inconclusive');
    assert.match(judgement.reasons.join('\n'), /"nobody\.invalid" cannot be resolved/);
  });

  test('a host that is no address and no name is refused by its field', async () => {
    const target = { host: '[::1]', port: 7, protocol: 'raw' };
    const text = JSON.stringify({ ...SOAK, name: 'bad', matrix: { sessions: [20] }, target });
    await assert.rejects(
      api.submit({ text, contentType: 'application/json' }),
      /target\/host.*must be an IPv4 address, an IPv6 address without brackets/s,
    );
  });
});
