import { lookup } from 'node:dns/promises';
import { allowsTarget } from '@oversoak/contracts';
import ipaddr from 'ipaddr.js';

/** Where a webhook goes: the address that was checked, and no other. */
export interface WebhookAddress {
  address: string;
  family: 4 | 6;
}

/** The address belongs to no public host and the operator has not allowed it. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/**
 * Pure: whether an address may be called. Loopback, private, link-local, carrier-grade and other
 * special ranges are not public, nor is IPv4 that is written as IPv6.
 */
export function mayCall(address: string, port: number, allowed: readonly string[]): boolean {
  const parsed = ipaddr.process(address);
  if (parsed.range() === 'unicast') return true;
  return allowsTarget(allowed, { host: parsed.toString(), port });
}

/**
 * Resolves the host of a webhook and checks every address of it, because which one is called is
 * not ours to choose later. Rejects with RefusedAddress, or as `dns.lookup` does.
 */
export async function webhookAddress(
  url: URL,
  allowed: readonly string[],
): Promise<WebhookAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const found = await lookup(host, { all: true });
  for (const { address } of found) {
    if (mayCall(address, port, allowed)) continue;
    // Without the address: a name must not reveal what an internal resolver knows.
    throw new RefusedAddress(
      `the address of ${host} is not public; the operator can allow it in OVERSOAK_WEBHOOK_TARGETS`,
    );
  }
  const [first] = found;
  if (first === undefined) throw new Error(`${host} has no address`);
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}
