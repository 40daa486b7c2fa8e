import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { Redis } from 'ioredis';
import { emptyApp } from '../src/app.ts';

test('a Redis error is logged without the command that was sent', async () => {
  const server = await RedisServer.start('--maxmemory', '1');
  const lines: string[] = [];
  const app = emptyApp({ level: 'info', stream: { write: (line) => lines.push(line) } });
  const redis = new Redis(server.url);
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  await assert.rejects(redis.set('schedule', `{"secret":"${secret}"}`), (error) => {
    app.log.error({ err: error }, 'could not store');
    app.log.warn({ schedule: 'night\u009b2J' }, `sent ${secret}`);
    return /OOM/.test(String(error));
  });
  redis.disconnect();
  await server.stop();
  await app.close();
  const [failed = '', sent = ''] = lines;
  assert.match(failed, /OOM command not allowed/);
  assert.equal(JSON.parse(failed).err.command, 'set');
  assert.doesNotMatch(lines.join(''), /MfKQ9r8/);
  assert.doesNotMatch(sent, /\u009b/);
  assert.equal(JSON.parse(sent).schedule, 'night\u009b2J');
});
