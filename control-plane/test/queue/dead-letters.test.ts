import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { AgentStreams } from '../../src/queue/agent-streams.ts';
import { AgentEntries } from '../../src/store/agent-entries.ts';
import { connect } from '../../src/store/redis.ts';

const SWEEPS = { everyMs: 100, abandonedMs: 300 };
const READ = { streams: 1, entries: 1, bytes: 1_000 };
const OF = { field: 'report', textBytes: 100 };

let server: RedisServer;
before(async () => {
  server = await RedisServer.start();
});
after(() => server.stop());

/** A process that takes entries and is ended by the first. */
async function processThatEnds(): Promise<void> {
  const source = (file: string) =>
    new URL(`../../src/${file}${import.meta.url.slice(-3)}`, import.meta.url).href;
  const script = `
    import { AgentStreams } from ${JSON.stringify(source('queue/agent-streams'))};
    import { AgentEntries } from ${JSON.stringify(source('store/agent-entries'))};
    import { connect } from ${JSON.stringify(source('store/redis'))};
    const redis = connect(${JSON.stringify(server.url)});
    new AgentStreams({
      redis,
      entries: new AgentEntries(redis, ${JSON.stringify(OF)}),
      log: { debug() {}, info() {}, warn() {}, error() {} },
      writes: { refusal: null },
      keyOf: (agentId) => 'of-' + agentId,
      agentIds: async () => ['a'],
      take: async () => process.exit(3),
      giveUp: async () => process.exit(4),
      read: ${JSON.stringify(READ)},
      sweeps: ${JSON.stringify(SWEEPS)},
    });`;
  const conditions = process.execArgv.filter((option) => option.startsWith('--conditions'));
  const child = spawn(process.execPath, [...conditions, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.deepEqual(await once(child, 'exit'), [3, null]);
}

it('a report that ended two processes is given up', async () => {
  const redis = connect(server.url);
  await redis.xadd('of-a', '*', 'report', 'ends processes');
  await processThatEnds();
  await processThatEnds();
  const taken: string[] = [];
  const givenUp: string[] = [];
  const streams = new AgentStreams({
    redis,
    log: silentLog,
    writes: { refusal: null },
    entries: new AgentEntries(redis, OF),
    keyOf: (agentId) => `of-${agentId}`,
    agentIds: async () => ['a'],
    take: async ({ text }) => void taken.push(text),
    giveUp: async ({ text }) => void givenUp.push(text),
    read: READ,
    sweeps: SWEEPS,
  });
  await redis.xadd('of-a', '*', 'report', 'another');
  await until('it is given up', () => givenUp.length === 1);
  await until('the other is taken', () => taken.length === 1);
  assert.deepEqual([givenUp, taken], [['ends processes'], ['another']]);
  await streams.close();
  redis.disconnect();
});
