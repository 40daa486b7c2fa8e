import { readFile } from 'node:fs/promises';
import type { Capabilities } from '@oversoak/contracts';

/** Windows gives clients the ports 49152 to 65535. */
const WINDOWS_DYNAMIC_PORTS = 16_384;
/** What other programs and connections that just ended may hold. */
const RESERVED_SHARE = 0.1;

/** Client ports that the fleets of this machine may use at a time. */
export function portBudget(portRange: string | null): number {
  const [low, high] = portRange?.trim().split(/\s+/).map(Number) ?? [];
  const known = low !== undefined && high !== undefined && high >= low;
  const ports = known ? high - low + 1 : WINDOWS_DYNAMIC_PORTS;
  return Math.floor(ports * (1 - RESERVED_SHARE));
}

/** Null, or why these sessions do not fit. */
export function overBudget(asked: number, inUse: number, budget: number): string | null {
  if (asked + inUse <= budget) return null;
  const others = inUse === 0 ? '' : ` beside the ${inUse} of other fleets here`;
  return `${asked} sessions${others} do not fit the client port budget of ${budget}`;
}

/** Linux' range where sockets are Linux' own (Wine included), null on Windows. */
export async function readPortRange(
  capabilities: Pick<Capabilities, 'wineVersion'>,
): Promise<string | null> {
  const underWine = process.platform === 'win32' && capabilities.wineVersion !== null;
  if (process.platform === 'win32' && !underWine) return null;
  const path = '/proc/sys/net/ipv4/ip_local_port_range';
  try {
    return await readFile(underWine ? `Z:${path}` : path, 'utf8');
  } catch (error) {
    // A prefix without the Z: drive: the smaller Windows range is the safe answer.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
