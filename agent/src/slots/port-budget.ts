import { readFile } from 'node:fs/promises';
import type { Capabilities } from '@oversoak/contracts';

/** Windows' default dynamic client port range is 49152 to 65535. */
const WINDOWS_DYNAMIC_PORTS = 16_384;
/** Share reserved for other programs and for connections in TIME_WAIT. */
const RESERVED_SHARE = 0.1;

/** Maximum number of client ports that the fleets of this machine may use at the same time. */
export function portBudget(portRange: string | null): number {
  const [low, high] = portRange?.trim().split(/\s+/).map(Number) ?? [];
  const known = low !== undefined && high !== undefined && high >= low;
  const ports = known ? high - low + 1 : WINDOWS_DYNAMIC_PORTS;
  return Math.floor(ports * (1 - RESERVED_SHARE));
}

/** Returns why the requested sessions exceed the budget, or null. */
export function overBudget(requested: number, inUse: number, budget: number): string | null {
  if (requested + inUse <= budget) return null;
  const others = inUse === 0 ? '' : ` in addition to ${inUse} of other fleets`;
  return `${requested} sessions${others} do not fit the client port budget of ${budget}`;
}

/** The Linux port range where sockets are Linux sockets (also under Wine); null on Windows. */
export async function readPortRange(
  capabilities: Pick<Capabilities, 'wineVersion'>,
): Promise<string | null> {
  const underWine = process.platform === 'win32' && capabilities.wineVersion !== null;
  if (process.platform === 'win32' && !underWine) return null;
  const path = '/proc/sys/net/ipv4/ip_local_port_range';
  try {
    return await readFile(underWine ? `Z:${path}` : path, 'utf8');
  } catch (error) {
    // The prefix has no Z: drive; assume the smaller Windows range.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
