// Short soaks of servers whose protocols presets/protocols describes, and of one that answers wrongly.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Comparison } from '@oversoak/contracts';
import { FrameServer } from '@oversoak/testing/peers/frame-server';
import { PeerServer } from '@oversoak/testing/peers/peer-server';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { REPOSITORY } from '@oversoak/testing/repository';
import { EXIT } from 'oversoak/shell/exit-code';
import { parse } from 'yaml';
import { comparison, oversoak, specFile } from './commands.ts';
import { onIdleMachine } from './demo-process.ts';

const RATE = 300;
const SECONDS = 3;

const description = async (preset: string): Promise<unknown> =>
  parse(await readFile(join(REPOSITORY, 'presets', 'protocols', `${preset}.yaml`), 'utf8'));

/** A soak of the target by a description; its exit code and what it measured. */
async function soak(
  t: TestContext,
  framed: unknown,
  port: number,
): Promise<Comparison & { code: number | null; output: string }> {
  const file = await specFile(t, {
    name: 'described',
    matrix: { sessions: [20] },
    target: { host: '127.0.0.1', port, protocol: { framed } },
    workload: { ratePerSecond: RATE, overSend: 4, disconnectsPerSecond: 3 },
    phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: SECONDS, drainSeconds: 5 },
  });
  const demo = await onIdleMachine(() => oversoak(t, 'demo', file, '--json', 'out.json'));
  const code = await demo.exitCode();
  return { ...(await comparison(demo)), code, output: demo.output };
}

/** All that was due came back, and was right. */
function assertPassed({ code, verdict, cells, output }: Awaited<ReturnType<typeof soak>>): void {
  assert.equal(code, EXIT.passed, output);
  assert.equal(verdict, 'passed');
  const [cell] = cells;
  assert.equal(cells.length, 1);
  assert.match(cell?.reasons.join() ?? '', /\b0 errors in \d+ echoes/);
  const echoes = Number(/0 errors in (\d+) echoes/.exec(cell?.reasons.join() ?? '')?.[1]);
  assert.ok(echoes > 0.9 * RATE * SECONDS, `${echoes} echoes`);
}

describe('a soak of a described server passes', () => {
  it('RESP: redis-server', async (t) => {
    const redis = await RedisServer.start();
    t.after(() => redis.stop());
    const port = Number(new URL(redis.url).port);
    assertPassed(await soak(t, await description('resp'), port));
  });

  it('a line protocol: memcached', async (t) => {
    const memcached = await PeerServer.start('memcached');
    t.after(() => memcached.stop());
    assertPassed(await soak(t, await description('memcached'), memcached.port));
  });

  it('MQTT: mosquitto, through which every message comes back', async (t) => {
    const mosquitto = await PeerServer.start('mosquitto');
    t.after(() => mosquitto.stop());
    assertPassed(await soak(t, await description('mqtt'), mosquitto.port));
  });
});

describe('a wrong answer fails the run by its class', () => {
  const text = 'hex: {length} 02 {sequence:u32be} {random:1..60}';
  const echo = {
    name: 'numbered',
    framing: { by: 'length', bytes: 2, endian: 'big', counts: 'after' },
    match: 'sequence',
    requests: [{ name: 'say', send: text, expect: text }],
    errors: ['hex: {length} ff {sequence:u32be}'],
  };
  const another = (message: Buffer) => {
    message[7] = (message[7] ?? 0) ^ 1;
    return [message];
  };
  const error = (message: Buffer) => [Buffer.from([0, 5, 0xff, ...message.subarray(3, 7)])];
  for (const [name, answer] of [
    ['corrupt', another],
    ['duplicate', (message: Buffer) => [message, message]],
    ['errorAnswer', error],
  ] as const) {
    it(name, async (t) => {
      const server = await FrameServer.start(echo, (message, number) =>
        number === 30 ? answer(message) : [message],
      );
      t.after(() => server.stop());
      const { code, verdict, cells, output } = await soak(t, echo, server.port);
      assert.equal(code, EXIT.failed, output);
      assert.equal(verdict, 'failed');
      const errors = Object.entries(cells[0]?.errors ?? {}).filter(([, count]) => count > 0);
      assert.deepEqual(
        errors.map(([each]) => each),
        [name],
      );
    });
  }
});
