import { RUN_LIMITS } from './model/run-limits.ts';
import type { Retention } from './retention/decision.ts';

/** The one reader of the environment. */
export interface Config {
  redisUrl: string;
  host: string;
  /** 0: any free port. */
  port: number;
  token: string;
  rateLimitPerMinute: number;
  /** The longest that the phases of a run may add up to. */
  maxRunSeconds: number;
  retention: Retention;
  logLevel: string;
  stopOnStdinEnd: boolean;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const MIN_TOKEN_LENGTH = 16;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigError(`${name} is "${text}"; valid: a whole number from ${least} to ${most}`);
}

function oneOf(name: string, text: string, valid: readonly string[]): string {
  if (valid.includes(text)) return text;
  throw new ConfigError(`${name} is "${text}"; valid: ${valid.join(', ')}`);
}

/** Throws ConfigError, which names the variable and what is valid. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const redisUrl = env.OVERSOAK_REDIS_URL ?? 'redis://127.0.0.1:6379';
  if (!URL.canParse(redisUrl) || !/^rediss?:$/.test(new URL(redisUrl).protocol)) {
    throw new ConfigError('OVERSOAK_REDIS_URL is not a URL of the form redis://HOST:PORT');
  }
  const token = env.OVERSOAK_TOKEN ?? '';
  if (token.length < MIN_TOKEN_LENGTH) {
    throw new ConfigError(
      `OVERSOAK_TOKEN has ${token.length} characters; it needs at least ${MIN_TOKEN_LENGTH}`,
    );
  }
  const retention = (what: string, without: string, most: number) => {
    const name = `OVERSOAK_RETENTION_${what}`;
    return integer(name, env[name] ?? without, 1, most);
  };
  return {
    redisUrl,
    host: env.OVERSOAK_HOST ?? '127.0.0.1',
    port: integer('OVERSOAK_PORT', env.OVERSOAK_PORT ?? '7700', 0, 65_535),
    token,
    rateLimitPerMinute: integer(
      'OVERSOAK_RATE_LIMIT_PER_MINUTE',
      env.OVERSOAK_RATE_LIMIT_PER_MINUTE ?? '6000',
      1,
      10_000_000,
    ),
    maxRunSeconds: integer(
      'OVERSOAK_MAX_RUN_SECONDS',
      env.OVERSOAK_MAX_RUN_SECONDS ?? String(RUN_LIMITS.maxRunSeconds),
      1,
      10_000_000,
    ),
    retention: {
      days: retention('DAYS', '90', 36_500),
      soaks: retention('SOAKS', '1000', 1_000_000),
      samplesDays: retention('SAMPLES_DAYS', '7', 36_500),
    },
    logLevel: oneOf('OVERSOAK_LOG_LEVEL', env.OVERSOAK_LOG_LEVEL ?? 'info', LOG_LEVELS),
    stopOnStdinEnd:
      oneOf('OVERSOAK_STOP_ON_STDIN_END', env.OVERSOAK_STOP_ON_STDIN_END ?? '0', ['0', '1']) ===
      '1',
  };
}
