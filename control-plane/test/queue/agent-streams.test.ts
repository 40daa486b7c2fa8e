import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { type AgentEntry, AgentStreams } from '../../src/queue/agent-streams.ts';
import { AgentEntries } from '../../src/store/agent-entries.ts';

/** Of a text, and of all that are held. */
const TEXT_BYTES = 1_000;
const HELD_BYTES = 2_500;
const READ = { streams: 2, entries: 2, bytes: HELD_BYTES };
/** Of rounds in which everything is looked at; long where a test is about notices. */
const SWEEPS = { everyMs: 200, abandonedMs: 1_000 };
const HOURLY = { everyMs: 3_600_000, abandonedMs: 3_600_000 };

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

  const DEFAULTS = { read: READ, sweeps: SWEEPS };
  function reading(
    agentIds: string[],
    take: (entry: AgentEntry) => Promise<void> = async () => undefined,
    {
      with: connection = redis,
      ...more
    }: Partial<{ with: Redis; takesTogether: boolean } & typeof DEFAULTS> = {},
  ) {
    const taken: AgentEntry[] = [];
    const givenUp: AgentEntry[] = [];
    const streams = new AgentStreams({
      redis: connection,
      entries: new AgentEntries(redis, { field: 'said', textBytes: TEXT_BYTES }),
      log: silentLog,
      writes: { refusal: null },
      keyOf,
      agentIds: async () => agentIds,
      take: async (entry) => {
        await take(entry);
        taken.push(entry);
      },
      giveUp: async (entry) => void givenUp.push(entry),
      ...{ ...DEFAULTS, ...more },
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

  it('are emptied although another one, done at the same time, is no stream any more', async () => {
    const both = Promise.withResolvers<void>();
    const began: string[] = [];
    const { taken } = reading(['a', 'b'], async ({ agentId }) => {
      began.push(agentId);
      await both.promise;
    });
    await write('a', 'one');
    await write('b', 'two');
    await until('both are in progress', async () => began.length === 2);
    await redis.del(keyOf('a'));
    await redis.set(keyOf('a'), 'no stream');
    both.resolve();
    await until('b is emptied', async () => (await redis.xlen(keyOf('b'))) === 0);
    assert.deepEqual(saidOf(taken), ['a one', 'b two']);
  });

  it('have their entries begun together, in their order, where that is wanted', async () => {
    const together = Promise.withResolvers<void>();
    const began: string[] = [];
    await write('a', '1');
    await write('a', '2');
    const take = async ({ text }: AgentEntry) => {
      began.push(text);
      await together.promise;
    };
    const { taken } = reading(['a'], take, { takesTogether: true });
    try {
      await until('both are in progress', async () => began.length === 2, 2_000);
      assert.deepEqual([began, taken], [['1', '2'], []]);
    } finally {
      together.resolve();
    }
    await until('it is empty', async () => (await redis.xlen(keyOf('a'))) === 0);
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

  it('are read when they are written, without a look at all of them', async () => {
    const agentIds = ['a', 'b'];
    const { taken } = reading(agentIds, undefined, { sweeps: HOURLY });
    // The first look, before it hears.
    await until('it hears', async () => String(await redis.client('LIST')).includes('sub=1'));
    await until('a is read', async () => {
      if (taken.length === 0) await write('a', 'first');
      return taken.length > 0;
    });
    const before = taken.length;
    for (const text of ['1', '2', '3']) await write('b', text);
    await until('b is read', () => taken.length === before + 3);
    // One that was not on the list, too.
    agentIds.push('new');
    await write('new', 'of a new one');
    await until('it is read', () => taken.some(({ agentId }) => agentId === 'new'));
  });

  it('are looked at often where Redis tells nobody what is written', async (t) => {
    await redis.acl('SETUSER', 'deaf', 'on', '>pw', '~*', '&*', '+@all', '-client|tracking');
    const deaf = new Redis(server.url, { username: 'deaf', password: 'pw' });
    t.after(() => deaf.disconnect());
    const { taken } = reading(['a'], undefined, { with: deaf, sweeps: HOURLY });
    for (const text of ['1', '2', '3']) {
      await write('a', text);
      await until(`${text} is read`, () => taken.at(-1)?.text === text);
    }
  });

  it('have the text of an entry only if it is not too long: the rest stays in Redis', async () => {
    const { taken } = reading(['a']);
    const texts = ['x'.repeat(TEXT_BYTES), 'y'.repeat(TEXT_BYTES + 1), 'ü'.repeat(TEXT_BYTES)];
    for (const text of [...texts, 'short']) await write('a', text);
    await until('all are read', () => taken.length === 4);
    assert.deepEqual(
      taken.map(({ text }) => text),
      [texts[0], '', '', 'short'],
    );
    await until('it is empty', async () => (await redis.xlen(keyOf('a'))) === 0);
  });

  it('have only so many bytes in memory, and are all read in the end', async () => {
    const agentIds = Array.from({ length: 10 }, (_, index) => `agent-${index}`);
    const text = 'x'.repeat(TEXT_BYTES);
    for (const agentId of agentIds) for (const _ of [1, 2, 3]) await write(agentId, text);
    let held = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const { taken } = reading(
      agentIds,
      async () => {
        held += TEXT_BYTES;
        most = Math.max(most, held);
        await gate.promise;
        held -= TEXT_BYTES;
      },
      { read: { streams: 100, entries: 2, bytes: HELD_BYTES } },
    );
    const pending = async () => {
      const groups = await Promise.all(
        agentIds.map(async (agentId) => {
          const [count] = await redis.xpending(keyOf(agentId), 'control-plane').catch(() => [0]);
          return Number(count);
        }),
      );
      return groups.reduce((sum, count) => sum + count, 0);
    };
    await until('the first are held', async () => (await pending()) > 0);
    // Beyond the bound, by the one that reached it.
    const mostEntries = Math.ceil(HELD_BYTES / TEXT_BYTES);
    for (let look = 0; look < 10; look += 1) {
      await write('agent-9', text);
      assert.ok((await pending()) <= mostEntries, `${await pending()} are held`);
    }
    gate.resolve();
    await until('all are read', () => taken.length === 40);
    assert.ok(most <= mostEntries * TEXT_BYTES, `${most} bytes at a time`);
  });
});
