// A fleet by the description of Redis, which verifies every answer, beside redis-benchmark, which
// verifies none.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import { startFleet } from '@oversoak/native-server';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { aimsTable, allHeld, atLeastTimes } from '../echo/aim.ts';
import { ratioOf } from '../echo/ratio.ts';

const run = promisify(execFile);

const MIN_TIMES = 0.5;
const VALUE_BYTES = 32;
const WARM_UP_MS = 300;
/** redis-benchmark has a number of requests and no time; one beyond what a second takes. */
const GUESSED_RATE = 50_000;

export interface FramedOptions {
  connections: number[];
  rounds: number;
  seconds: number;
}

/** The requests of `redis-benchmark -t get`, each for a key of its session. */
const DESCRIPTION = {
  name: 'redis-get',
  framing: { by: 'template' },
  maxMessageBytes: 256,
  login: [
    {
      send: `*3\\r\\n$3\\r\\nSET\\r\\n$12\\r\\nkey:{session:x8}\\r\\n$${VALUE_BYTES}\\r\\n{session-random:${VALUE_BYTES}:text}\\r\\n`,
      expect: '+OK\\r\\n',
    },
  ],
  requests: [
    {
      name: 'get',
      send: '*2\\r\\n$3\\r\\nGET\\r\\n$12\\r\\nkey:{session:x8}\\r\\n',
      expect: `$${VALUE_BYTES}\\r\\n{session-random:${VALUE_BYTES}:text}\\r\\n`,
    },
  ],
};

/** Whether the aim is held with every number of connections. */
export async function benchFramed(
  { connections, rounds, seconds }: FramedOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const redis = await RedisServer.start();
  try {
    const port = Number(new URL(redis.url).port);
    const aims = [];
    for (const sessions of connections) {
      const fleet: number[] = [];
      const peer: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        fleet.push(await fleetRate(port, sessions, seconds, signal));
        peer.push(await peerRate(port, sessions, seconds, signal));
      }
      console.log(`${sessions} connections: fleet ${shown(fleet)}, redis-benchmark ${shown(peer)}`);
      const what = `GET/s of the fleet to redis-benchmark, ${sessions} connections, pipeline 1`;
      aims.push(atLeastTimes(what, MIN_TIMES, ratioOf(fleet, peer)));
    }
    console.log(aimsTable(aims));
    return allHeld(aims);
  } finally {
    await redis.stop();
  }
}

/** Verified answers a second, in a closed loop. */
async function fleetRate(
  port: number,
  sessions: number,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const compiled = compileProtocol(DESCRIPTION);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  const fleet = startFleet({
    ...{ host: '127.0.0.1', port, protocol: { framed: compiled.file } },
    ...{ sessions, pacing: 'closed', rampUpSeconds: 0 },
  });
  try {
    await delay(WARM_UP_MS, undefined, { signal });
    const before = fleet.snapshot();
    await delay(seconds * 1000, undefined, { signal });
    const after = fleet.snapshot();
    const errors = Object.values(after.errors).reduce((sum, count) => sum + count, 0);
    if (errors > 0) throw new Error(`the fleet counted ${JSON.stringify(after.errors)}`);
    const elapsed = after.elapsedSeconds - before.elapsedSeconds;
    return (after.ledger.echoed - before.ledger.echoed) / elapsed;
  } finally {
    await fleet.stop();
  }
}

async function peerRate(
  port: number,
  connections: number,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const load = ['-c', connections, '-P', 1, '-d', VALUE_BYTES, '-n', GUESSED_RATE * seconds];
  const words = ['-h', '127.0.0.1', '-p', port, '-t', 'get', '--csv', ...load];
  const { stdout } = await run('redis-benchmark', words.map(String), { signal });
  const rate = Number(/^"GET","([\d.]+)"/m.exec(stdout)?.[1]);
  if (!(rate > 0)) throw new Error(`redis-benchmark said: ${stdout}`);
  return rate;
}

const shown = (rates: readonly number[]) => rates.map((rate) => `${Math.round(rate)}/s`).join(' ');
