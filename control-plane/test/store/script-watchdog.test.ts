import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import type { Redis } from 'ioredis';
import type { Log } from '../../src/model/log.ts';
import { connect } from '../../src/store/redis.ts';
import { ScriptWatchdog } from '../../src/store/script-watchdog.ts';

const ENDLESS = 'while true do end';

describe('the watchdog of scripts', () => {
  let server: RedisServer;
  let redis: Redis;
  let other: Redis;
  const logged: string[] = [];
  const note = (_: object, message: string) => void logged.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  before(async () => {
    server = await RedisServer.start('--busy-reply-threshold', '100');
    redis = connect(server.url);
    other = connect(server.url);
  });
  after(async () => {
    redis.disconnect();
    other.disconnect();
    await server.stop();
  });

  it('leaves alone what ends by itself', async () => {
    const watchdog = new ScriptWatchdog(redis, log);
    const [answer] = await Promise.all([other.eval('return 7', 0), watchdog.look()]);
    assert.equal(answer, 7);
    assert.deepEqual(logged, []);
  });

  it('ends a script that only reads and does not end', async () => {
    const watchdog = new ScriptWatchdog(redis, log);
    const script = assert.rejects(other.eval(ENDLESS, 0), /killed/i);
    await until('it is ended', async () => {
      await watchdog.look();
      return logged.includes('ended a script that blocked Redis');
    });
    await script;
    assert.equal(await redis.ping(), 'PONG');
  });

  it('says once that only a restart ends one that has written', async () => {
    const watchdog = new ScriptWatchdog(redis, log);
    logged.length = 0;
    // Redis cannot answer any more, so nobody waits for it.
    other.eval(`redis.call('set', 'x', '1') ${ENDLESS}`, 0).catch(() => undefined);
    await until('it is said', async () => {
      await watchdog.look();
      return logged.length > 0;
    });
    await watchdog.look();
    assert.deepEqual(logged, ['a script that has written blocks Redis: restart Redis']);
    for (const each of [redis, other]) each.disconnect();
    await server.down();
  });
});
