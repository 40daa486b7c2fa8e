// The descriptions of presets/protocols against the servers that they describe.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { PeerServer } from '@oversoak/testing/peers/peer-server';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { oversoak } from './commands.ts';

async function tried(t: TestContext, preset: string, port: number): Promise<string> {
  const file = join(REPOSITORY, 'presets', 'protocols', preset);
  const target = ['--target', `127.0.0.1:${port}`];
  const load = ['--requests', '200', '--over-send', '8', '--timeout', '30000'];
  const command = await oversoak(t, 'protocol', 'try', file, ...target, ...load);
  assert.equal(await command.exitCode(), 0, command.output);
  return command.output;
}

describe('a description fits its server', () => {
  it('RESP: redis-server', async (t) => {
    const redis = await RedisServer.start();
    t.after(() => redis.stop());
    const output = await tried(t, 'resp.yaml', Number(new URL(redis.url).port));
    assert.match(output, /^fits: 202 answers as expected$/m);
    for (const name of ['get', 'echo', 'incr', 'ping'])
      assert.ok(output.includes(`(${name})`), name);
  });

  it('a line protocol: memcached', async (t) => {
    const memcached = await PeerServer.start('memcached');
    t.after(() => memcached.stop());
    const output = await tried(t, 'memcached.yaml', memcached.port);
    assert.match(output, /^fits: 202 answers as expected$/m);
    assert.match(output, /^← part of the answer of message \d+ \(get\)/m);
  });

  it('MQTT: mosquitto, through which every message comes back', async (t) => {
    const mosquitto = await PeerServer.start('mosquitto');
    t.after(() => mosquitto.stop());
    const output = await tried(t, 'mqtt.yaml', mosquitto.port);
    assert.match(output, /^fits: 202 answers as expected$/m);
    assert.match(output, /\(publish\)/);
  });
});
