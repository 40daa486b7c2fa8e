import { lookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { allowsTarget, type Endpoint, endpointText, isAddress } from '@oversoak/contracts';

/** Every address of a name, the preferred one first. */
export type Resolve = (name: string) => Promise<string[]>;

/** Below the deadline of a prepare, so that the reason is the name and not the deadline. */
const RESOLVE_MS = 5_000;

/** As the machine resolves names, with its file of hosts. */
export const systemResolve: Resolve = async (name) => {
  const found = await Promise.race([
    lookup(name, { all: true, order: 'ipv4first' }),
    noAnswer(RESOLVE_MS),
  ]);
  return found.map(({ address }) => address);
};

/** Rejects after so long; keeps no process alive. */
async function noAnswer(afterMs: number): Promise<never> {
  await delay(afterMs, undefined, { ref: false });
  throw new Error(`no answer within ${afterMs / 1000} s`);
}

/**
 * The address of a target. All addresses of a name must be allowed, for whoever owns the name
 * chooses them. The one that is returned is the one that was checked: the fleet gets it in place of
 * the name, and nobody resolves that again. The message of the error does not tell the addresses: a
 * submitted name must not reveal what an internal resolver knows.
 */
export async function targetAddress(
  target: Endpoint,
  allowed: readonly string[],
  resolve: Resolve,
): Promise<string> {
  const addresses = isAddress(target.host) ? [target.host] : await addressesOf(target, resolve);
  const refused = addresses.some((host) => !allowsTarget(allowed, { host, port: target.port }));
  const [first] = addresses;
  if (first !== undefined && !refused) return first;
  const named = endpointText(target);
  const subject = isAddress(target.host) ? named : `an address of ${named}`;
  const list = allowed.join(', ') || 'none';
  throw new Error(`${subject} is not a target that OVERSOAK_TARGETS allows: ${list}`);
}

async function addressesOf({ host }: Endpoint, resolve: Resolve): Promise<string[]> {
  try {
    const addresses = await resolve(host);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code ?? message;
    throw new Error(`the target's name "${host}" cannot be resolved on this agent: ${why}`);
  }
  throw new Error(`the target's name "${host}" has no address on this agent`);
}
