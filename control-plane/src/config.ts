import { readFileSync } from 'node:fs';
import {
  type Authority,
  agentsAuthority,
  apiCertificate,
  type ReadText,
  type RedisTransport,
  readSettings,
  redisTransport,
} from '@oversoak/contracts';
import type { Quotas } from './model/quotas.ts';
import type { Retention } from './retention/decision.ts';

const BYTES_PER_MIB = 2 ** 20;

/** The settings of the control plane; no other file reads the environment. */
export interface Config {
  redisUrl: string;
  redisTransport: RedisTransport;
  /** With which the API is served over HTTPS; undefined: over HTTP. PEM. */
  certificate: { cert: string; key: string } | undefined;
  /** Where agents find Redis; undefined: where the control plane does. */
  agentsRedisUrl: string | undefined;
  /** Of Redis and the API, for agents that join; undefined: they know it already. */
  agentsAuthority: Authority | undefined;
  host: string;
  /** 0: any free port. */
  port: number;
  token: string;
  rateLimitPerMinute: number;
  /** The longest allowed sum of a run's phases. */
  maxRunSeconds: number;
  retention: Retention;
  quotas: Quotas;
  /** Addresses that webhooks may call although they are not public. */
  webhookTargets: readonly string[];
  /** Seal the secrets of webhooks; none: they are stored as they are. */
  sealingKeys: readonly string[];
  logLevel: string;
  stopOnStdinEnd: boolean;
}

/** Throws SettingsError, which names the variables and the valid values. Reads the certificates. */
export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  readText: ReadText = (path) => readFileSync(path, 'utf8'),
): Config {
  const read = readSettings('control-plane', env);
  const certificate = apiCertificate(read, readText);
  return {
    redisUrl: read.OVERSOAK_REDIS_URL,
    redisTransport: redisTransport(read, readText),
    certificate,
    agentsRedisUrl: read.OVERSOAK_AGENTS_REDIS_URL,
    agentsAuthority: agentsAuthority(read, readText, certificate),
    host: read.OVERSOAK_HOST,
    port: read.OVERSOAK_PORT,
    token: read.OVERSOAK_TOKEN,
    rateLimitPerMinute: read.OVERSOAK_RATE_LIMIT_PER_MINUTE,
    maxRunSeconds: read.OVERSOAK_MAX_RUN_SECONDS,
    retention: {
      days: read.OVERSOAK_RETENTION_DAYS,
      soaks: read.OVERSOAK_RETENTION_SOAKS,
      samplesDays: read.OVERSOAK_RETENTION_SAMPLES_DAYS,
    },
    quotas: {
      queuedRuns: read.OVERSOAK_QUOTA_QUEUED_RUNS,
      storedBytes: read.OVERSOAK_QUOTA_STORED_MIB * BYTES_PER_MIB,
      streams: read.OVERSOAK_QUOTA_STREAMS,
      comparisons: read.OVERSOAK_QUOTA_COMPARISONS,
    },
    webhookTargets: read.OVERSOAK_WEBHOOK_TARGETS,
    sealingKeys: read.OVERSOAK_SEALING_KEYS ?? [],
    logLevel: read.OVERSOAK_LOG_LEVEL,
    stopOnStdinEnd: read.OVERSOAK_STOP_ON_STDIN_END,
  };
}
