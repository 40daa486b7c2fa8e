import { allowsTarget } from '@oversoak/contracts';

const LOOPBACK_NAMES = ['localhost', '[::1]'];

function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.includes(host) || allowsTarget(['127.0.0.0/8', '::1'], { host, port: 1 });
}

/** Pure: the address of Redis without who connects to it. */
export function withoutUser(redisUrl: string): string {
  const url = new URL(redisUrl);
  url.username = '';
  url.password = '';
  return url.href;
}

/** Pure: why an agent at the address cannot reach Redis; null: it may. */
export function unreachableReason(agentsRedisUrl: string, address: string): string | null {
  const { hostname } = new URL(agentsRedisUrl);
  if (!isLoopback(hostname) || isLoopback(address)) return null;
  return (
    `Redis is at ${hostname} for agents, which ${address} does not reach: ` +
    'set OVERSOAK_AGENTS_REDIS_URL of the control plane'
  );
}
