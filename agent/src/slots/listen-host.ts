import { isIPv6 } from 'node:net';
import { allowsTarget } from '@oversoak/contracts';

const LOOPBACK = ['127.0.0.0/8', '::1'];

/**
 * Pure: where the servers of an agent listen. Nobody outside the machine is to reach one whose
 * agent has an address on loopback. Any other address may be that of a router or a container, which
 * no socket here can bind.
 */
export function listenHost(advertisedHost: string): string {
  if (allowsTarget(LOOPBACK, { host: advertisedHost, port: 1 })) return advertisedHost;
  return isIPv6(advertisedHost) ? '::' : '0.0.0.0';
}
