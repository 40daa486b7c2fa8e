import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Why tests over IPv6 are skipped, false: they are not. By listening: under a Wine that has just
 * started, the list of the machine's addresses cannot be read.
 */
export async function skipWithoutIpv6(): Promise<string | false> {
  const server = createServer().listen(0, '::1');
  try {
    await once(server, 'listening');
    return false;
  } catch {
    return 'this machine has no loopback of IPv6';
  } finally {
    server.close();
  }
}
