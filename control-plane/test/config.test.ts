import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SettingsError } from '@oversoak/contracts';
import { readConfig } from '../src/config.ts';
import { redisProblem } from '../src/store/redis.ts';

const token = 'a-token-of-thirty-two-characters';

describe('readConfig', () => {
  it('has a default for everything but the token', () => {
    assert.deepEqual(readConfig({ OVERSOAK_TOKEN: token }), {
      redisUrl: 'redis://127.0.0.1:6379',
      redisTransport: {},
      certificate: undefined,
      agentsRedisUrl: undefined,
      agentsAuthority: undefined,
      host: '127.0.0.1',
      port: 7700,
      token,
      rateLimitPerMinute: 6000,
      retention: { days: 90, soaks: 1000, samplesDays: 7 },
      maxRunSeconds: 2_678_400,
      quotas: { queuedRuns: 5000, storedBytes: 8 * 2 ** 30, streams: 32, comparisons: 4 },
      webhookTargets: [],
      sealingKeys: [],
      logLevel: 'info',
      stopOnStdinEnd: false,
    });
  });

  for (const [env, message] of [
    [{}, /OVERSOAK_TOKEN is not set; it must be at least 32 characters/],
    [{ OVERSOAK_TOKEN: 'short' }, /OVERSOAK_TOKEN must be at least 32 characters long, not 5/],
    [{ OVERSOAK_PORT: '70000' }, /OVERSOAK_PORT must be .* 0 to 65535, not "70000"/],
    [{ OVERSOAK_PORT: '' }, /OVERSOAK_PORT must be .*, not ""/],
    [
      { OVERSOAK_REDIS_URL: 'localhost:6379' },
      /OVERSOAK_REDIS_URL must be a redis:\/\/ or rediss:\/\/ URL$/,
    ],
    [
      { OVERSOAK_LOG_LEVEL: 'loud' },
      /OVERSOAK_LOG_LEVEL must be one of trace, debug.*, not "loud"/,
    ],
    [{ OVERSOAK_STOP_ON_STDIN_END: 'yes' }, /OVERSOAK_STOP_ON_STDIN_END must be 0 or 1, not "yes"/],
    [{ OVERSOAK_RATE_LIMIT_PER_MINUTE: '0' }, /OVERSOAK_RATE_LIMIT_PER_MINUTE must be .*, not "0"/],
    [{ OVERSOAK_MAX_RUN_SECONDS: '1h' }, /OVERSOAK_MAX_RUN_SECONDS must be a whole .*, not "1h"/],
    [{ OVERSOAK_RETENTION_DAYS: '0' }, /OVERSOAK_RETENTION_DAYS must be .* 1 to .*, not "0"/],
    [
      { OVERSOAK_RETENTION_SAMPLES_DAYS: 'x' },
      /OVERSOAK_RETENTION_SAMPLES_DAYS must be .*, not "x"/,
    ],
  ] as [NodeJS.ProcessEnv, RegExp][]) {
    it(`refuses ${JSON.stringify(env)} by name`, () => {
      const full =
        'OVERSOAK_TOKEN' in env || Object.keys(env).length === 0
          ? env
          : { OVERSOAK_TOKEN: token, ...env };
      assert.throws(
        () => readConfig(full),
        (error) => error instanceof SettingsError && message.test(error.message),
      );
    });
  }
});

describe('redisProblem', () => {
  it('refuses a Redis that is too old or evicts, and names the setting', () => {
    assert.equal(redisProblem('6.2.0', 'noeviction'), null);
    assert.equal(redisProblem('8.0.1', 'noeviction'), null);
    assert.match(redisProblem('6.0.16', 'noeviction') ?? '', /6\.0\.16 is too old.* 6\.2/);
    assert.match(redisProblem('5.0', 'noeviction') ?? '', /too old/);
    assert.match(redisProblem('7.0.15', 'allkeys-lru') ?? '', /set "maxmemory-policy noeviction"/);
  });
});
