import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { BOUNDS } from '@oversoak/contracts';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { AgentConnections, crowding } from '../../src/store/agent-connections.ts';
import { connect } from '../../src/store/redis.ts';

const MOST = 2 * BOUNDS.connections.perAgent + 16;
const ROGUE = 'oversoak-agent-rogue.1';
const HONEST = 'oversoak-agent-honest.1';

describe('the connections of agents', () => {
  let server: RedisServer;
  let redis: Redis;
  let opened: Redis[] = [];
  const noted: (string | null)[] = [];
  const noteRefused = async ({ who }: { who: string | null }) => void noted.push(who);
  before(async () => {
    const admin = ['--user', 'admin', 'on', '>secret', '~*', '&*', '+@all'];
    const nobody = ['--user', 'default', 'off'];
    server = await RedisServer.start('--maxclients', String(MOST), ...admin, ...nobody);
    redis = connect(server.url.replace('//', '//admin:secret@'));
    for (const user of [ROGUE, HONEST]) {
      await redis.acl('SETUSER', user, 'on', '>secret', '+ping', '+client|setname', '+info');
    }
  });
  after(async () => {
    redis.disconnect();
    await server.stop();
  });
  afterEach(async () => {
    for (const each of opened) each.disconnect();
    opened = [];
    noted.length = 0;
    await until('they are gone', async () => (await connected()) === 1);
  });

  const connected = async () =>
    Number(/^connected_clients:(\d+)/m.exec(await redis.info('clients'))?.[1]);
  /** Returns how many of them Redis has closed. */
  async function open(username: string, count: number): Promise<() => number> {
    let closed = 0;
    const fixed = { username, password: 'secret', disableClientInfo: true };
    const all = Array.from({ length: count }, () =>
      new Redis(server.url, { ...fixed, retryStrategy: () => null })
        .on('error', () => undefined)
        .on('close', () => {
          closed += 1;
        }),
    );
    opened.push(...all);
    await Promise.all(all.map((each) => each.ping()));
    return () => closed;
  }

  it('are closed of the agent that has too many, and of no other', async () => {
    const rogue = await open(ROGUE, MOST - 8);
    const honest = await open(HONEST, 3);
    // Whatever a connection calls itself.
    await opened[0]?.client('SETNAME', `user=${HONEST}`);
    await new AgentConnections(redis, { noteRefused }, silentLog).look();
    await until('they are closed', async () => rogue() === MOST - 8);
    assert.equal(honest(), 0);
    assert.deepEqual(noted, [ROGUE]);
    assert.equal(await connected(), 4);
  });

  it('are closed of those who do not say who they are', async () => {
    const { hostname, port } = new URL(server.url);
    const sockets = Array.from({ length: MOST - 8 }, () =>
      createConnection(Number(port), hostname),
    );
    const closed = Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    await until('they are there', async () => (await connected()) === MOST - 7);
    await new AgentConnections(redis, { noteRefused }, silentLog).look();
    await closed;
    assert.deepEqual(noted, ['default']);
  });

  it('are let be while Redis has enough of them', async () => {
    const rogue = await open(ROGUE, BOUNDS.connections.perAgent + 2);
    await new AgentConnections(redis, { noteRefused }, silentLog).look();
    assert.equal(await connected(), BOUNDS.connections.perAgent + 3);
    assert.equal(rogue(), 0);
    assert.deepEqual(noted, []);
  });

  it('are left alone where the control plane may not look, which is no refused write', async () => {
    await open(ROGUE, MOST - 8);
    const warned: [object, string][] = [];
    const log = { ...silentLog, warn: (...words: [object, string]) => void warned.push(words) };
    const weak = new Redis(server.url, { username: HONEST, password: 'secret' });
    opened.push(weak);
    const connections = new AgentConnections(weak, { noteRefused }, log);
    await connections.look();
    await connections.look();
    assert.deepEqual(warned, [
      [{}, 'may not look at connections of Redis (client|list, client|kill)'],
    ]);
  });
});

it('counts the connections of agents, and of nobody', () => {
  const line = (name: string, user: string) =>
    `id=3 addr=127.0.0.1:1 name=${name} user=${user} x=y\n`;
  const many = BOUNDS.connections.perAgent + 1;
  const text = `${line('a', ROGUE).repeat(many)}${line(`user=${HONEST}`, 'oversoak').repeat(many)}`;
  assert.deepEqual(crowding(text, true), [[ROGUE, many]]);
  const unsaid = line('', 'default').repeat(many);
  assert.deepEqual(crowding(unsaid, true), [['default', many]]);
  assert.deepEqual(crowding(unsaid, false), []);
});
