// node agent/dist/src/health-check.js: the container's health check. Exits with 0 if the agent with
// this environment holds its lease, otherwise with 1 and the reason. Runs under Linux, beside Wine.
import { setTimeout as delay } from 'node:timers/promises';
import { leaseKey } from '@oversoak/contracts';
import { loadConfig } from './config.ts';
import { messageOf } from './log/log.ts';
import { commandClient, untilReady } from './redis/redis.ts';

const WITHIN_MS = 4_000;

/** Returns the reason why the agent is unhealthy, or null. */
async function problem(): Promise<string | null> {
  const { config } = loadConfig();
  const { agentId } = config;
  const redis = commandClient(config, WITHIN_MS);
  const looked = untilReady(redis).then(async () => {
    const held = await redis.exists(leaseKey(agentId));
    return held === 1 ? null : `no agent "${agentId}" holds its lease`;
  });
  const late = delay(WITHIN_MS, `Redis did not answer within ${WITHIN_MS / 1000} s`);
  return await Promise.race([looked, late]);
}

const found = await problem().catch(messageOf);
if (found !== null) console.error(found);
// Exit now, whatever the Redis connection still does.
process.exit(found === null ? 0 : 1);
