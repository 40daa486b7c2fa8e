import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { Pinned } from './baselines.ts';

/**
 * The atomic steps, each a Lua file of its own beside the code that calls it. Where the number of
 * keys varies, the caller says it before them.
 */
const SCRIPTS = {
  createSoak: { file: 'store/create-soak.lua', numberOfKeys: 5 },
  deleteSoak: { file: 'store/delete-soak.lua' },
  publishSoak: { file: 'store/publish-soak.lua' },
  pinBaseline: { file: 'store/pin-baseline.lua', numberOfKeys: 2 },
  storeRun: { file: 'store/store-run.lua', numberOfKeys: 11 },
  keepReport: { file: 'store/keep-report.lua', numberOfKeys: 2 },
  growResult: { file: 'store/grow-result.lua', numberOfKeys: 1 },
  putSchedule: { file: 'store/put-schedule.lua', numberOfKeys: 2 },
  deleteSchedule: { file: 'store/delete-schedule.lua', numberOfKeys: 6 },
  addEntry: { file: 'store/add-entry.lua', numberOfKeys: 4 },
  settleEntry: { file: 'store/settle-entry.lua', numberOfKeys: 4 },
  keepNight: { file: 'store/keep-night.lua', numberOfKeys: 2 },
  noteDelivery: { file: 'store/note-delivery.lua', numberOfKeys: 1 },
  allocateGang: { file: 'dispatch/allocate.lua', numberOfKeys: 4 },
  freeSlot: { file: 'run/free-slot.lua', numberOfKeys: 3 },
  forgetAgent: { file: 'run/forget-agent.lua', numberOfKeys: 9 },
} as const satisfies Record<string, { file: string; numberOfKeys?: number }>;

/** Compiled code stands in dist/src, the Lua files stay in src. */
const SOURCES = new URL('../../../src/', import.meta.url);

export interface Store extends Redis {
  createSoak(...keysAndArguments: (string | number)[]): Promise<[string, number]>;
  deleteSoak(...countKeysAndArguments: (string | number)[]): Promise<number>;
  publishSoak(...countKeysAndArguments: (string | number)[]): Promise<number>;
  storeRun(...keysAndArguments: (string | number | Buffer)[]): Promise<number>;
  pinBaseline(...keysAndArguments: (string | number)[]): Promise<Pinned>;
  keepReport(...keysAndArguments: string[]): Promise<number>;
  growResult(...keysAndArguments: (string | Buffer)[]): Promise<number>;
  allocateGang(...keysAndArguments: (string | number)[]): Promise<string>;
  putSchedule(...keysAndArguments: (string | number)[]): Promise<number>;
  deleteSchedule(...keysAndArguments: (string | number)[]): Promise<number>;
  addEntry(...keysAndArguments: (string | number)[]): Promise<string>;
  settleEntry(...keysAndArguments: (string | number)[]): Promise<number>;
  keepNight(...keysAndArguments: (string | number)[]): Promise<number>;
  noteDelivery(...keysAndArguments: (string | number)[]): Promise<number>;
  freeSlot(...keysAndArguments: string[]): Promise<number>;
  forgetAgent(...keysAndArguments: string[]): Promise<number>;
}

/** A connection that waits for Redis to come back rather than fail its commands. */
export function connect(url: string): Store {
  const redis = new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: true });
  for (const [name, { file, ...keys }] of Object.entries(SCRIPTS)) {
    const lua = readFileSync(new URL(file, SOURCES), 'utf8');
    redis.defineCommand(name, { lua, ...keys });
  }
  return redis as Store;
}

/** The one clock of the cluster. */
export async function redisTimeMs(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

const OLDEST = [6, 2] as const;

/** What is wrong with this Redis for oversoak, or null. The setting is named. */
export function redisProblem(version: string, maxmemoryPolicy: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    return `Redis ${version} is too old: oversoak needs ${OLDEST.join('.')} or newer`;
  }
  if (maxmemoryPolicy !== 'noeviction') {
    return (
      `Redis may evict what oversoak stores: maxmemory-policy is "${maxmemoryPolicy}", ` +
      'set "maxmemory-policy noeviction"'
    );
  }
  return null;
}

export class UnfitRedisError extends Error {
  override readonly name = 'UnfitRedisError';
}

/** Throws UnfitRedisError when this Redis cannot be trusted with runs. */
export async function requireFitRedis(redis: Redis): Promise<void> {
  const info = await redis.info('server');
  const version = /redis_version:(\S+)/.exec(info)?.[1] ?? 'of unknown version';
  const [, policy = 'unknown'] = (await redis.config('GET', 'maxmemory-policy')) as string[];
  const problem = redisProblem(version, policy);
  if (problem !== null) throw new UnfitRedisError(problem);
}
