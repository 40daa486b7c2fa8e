import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { type AgentEntry, AgentStreams } from '../../src/queue/agent-streams.ts';

describe('the streams of agents', () => {
  let server: RedisServer;
  let redis: Redis;
  const open: AgentStreams[] = [];
  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((streams) => streams.close()));
    await redis.flushall();
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });

  const keyOf = (agentId: string) => `of:${agentId}`;
  const write = (agentId: string, text: string) => redis.xadd(keyOf(agentId), '*', 'said', text);
  const saidOf = (entries: readonly AgentEntry[]) =>
    entries.map(({ agentId, text }) => `${agentId} ${text}`).sort();

  function reading(
    agentIds: string[],
    take: (entry: AgentEntry) => Promise<void> = async () => undefined,
  ) {
    const taken: AgentEntry[] = [];
    const givenUp: AgentEntry[] = [];
    const streams = new AgentStreams({
      redis,
      log: silentLog,
      writes: { refusal: null },
      keyOf,
      field: 'said',
      agentIds: async () => agentIds,
      take: async (entry) => {
        await take(entry);
        taken.push(entry);
      },
      giveUp: async (entry) => void givenUp.push(entry),
      read: { streams: 2, entries: 2 },
      sweeps: { everyMs: 200, abandonedMs: 1_000 },
    });
    open.push(streams);
    return { taken, givenUp, streams };
  }

  it('are read in order, and emptied; also what was written before, and by new agents', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await write('a', text);
    const agentIds = ['a', 'b', 'c'];
    const { taken } = reading(agentIds);
    await until('a is read', async () => taken.length === 5);
    assert.deepEqual(
      taken.map(({ text }) => text),
      ['1', '2', '3', '4', '5'],
    );
    agentIds.push('d');
    await write('d', 'new');
    await write('b', 'old');
    await until('b and d are read', async () => taken.length === 7);
    for (const agentId of agentIds) {
      await until('it is empty', async () => (await redis.xlen(keyOf(agentId))) === 0);
    }
  });

  it('give each entry to one of two readers', async () => {
    const one = reading(['a', 'b']);
    const two = reading(['a', 'b']);
    const written: string[] = [];
    for (let count = 0; count < 100; count++) {
      await write(count % 2 ? 'a' : 'b', `${count}`);
      written.push(`${count % 2 ? 'a' : 'b'} ${count}`);
    }
    await until('all are read', async () => one.taken.length + two.taken.length === 100);
    assert.deepEqual(saidOf([...one.taken, ...two.taken]), written.sort());
  });

  it('do not delay other agents because of one slow entry', async () => {
    const long = Promise.withResolvers<void>();
    const { taken } = reading(['a', 'b'], ({ agentId }) =>
      agentId === 'a' ? long.promise : Promise.resolve(),
    );
    await write('a', 'long');
    await write('b', 'short');
    await until('b is read', async () => taken.length === 1);
    assert.deepEqual(saidOf(taken), ['b short']);
    long.resolve();
  });

  it('are read again when Redis lost its data', async () => {
    const { taken } = reading(['a']);
    await write('a', '1');
    await until('it is read', async () => taken.length === 1);
    await redis.flushall();
    await write('a', '2');
    await until('it is read', async () => taken.length === 2);
  });

  it('give the unfinished entries of a reader to another one, and give up an entry that always fails', async () => {
    // Taken from the group by a reader that then died.
    await write('a', 'left');
    await redis.xgroup('CREATE', keyOf('a'), 'control-plane', '0');
    await redis.xreadgroup('GROUP', 'control-plane', 'control-plane', 'STREAMS', keyOf('a'), '>');
    let tried = 0;
    const { taken, givenUp } = reading(['a', 'b'], async ({ text }) => {
      if (text !== 'bad') return;
      tried += 1;
      throw new Error('cannot be taken');
    });
    await write('b', 'bad');
    await until('the other one has it', async () => taken.length === 1);
    assert.deepEqual(saidOf(taken), ['a left']);
    await until('it is given up', async () => givenUp.length === 1);
    assert.deepEqual([saidOf(givenUp), tried], [['b bad'], 2]);
    assert.equal(await redis.xlen(keyOf('b')), 0);
  });
});
