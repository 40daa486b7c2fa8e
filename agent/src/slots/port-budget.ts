import { readFile } from 'node:fs/promises';
import type { Capabilities, ClientPorts, NeededPorts } from '@oversoak/contracts';

/** Windows' default dynamic client port range is 49152 to 65535. */
const WINDOWS_DYNAMIC_PORTS = 16_384;
/** TIME_WAIT of Windows (2 × 60 s, unless TcpTimedWaitDelay of the registry shortens it). */
const WINDOWS_TIME_WAIT_SECONDS = 120;
/** TIME_WAIT of Linux, which cannot be changed (TCP_TIMEWAIT_LEN). */
const LINUX_TIME_WAIT_SECONDS = 60;
/** Share reserved for other programs and for what the runs before have left in TIME_WAIT. */
const RESERVED_SHARE = 0.1;

/** Pure: what the fleets of a machine may use; `portRange` null: the ports are Windows'. */
export function clientPorts(portRange: string | null): ClientPorts {
  const [low, high] = portRange?.trim().split(/\s+/).map(Number) ?? [];
  const known = low !== undefined && high !== undefined && high >= low;
  const ports = known ? high - low + 1 : WINDOWS_DYNAMIC_PORTS;
  return {
    budget: Math.floor(ports * (1 - RESERVED_SHARE)),
    timeWaitSeconds: portRange === null ? WINDOWS_TIME_WAIT_SECONDS : LINUX_TIME_WAIT_SECONDS,
  };
}

/** Returns why the ports exceed the budget, or null. */
export function overBudget(needed: NeededPorts, inUse: number, budget: number): string | null {
  if (needed.ports + inUse <= budget) return null;
  const others = inUse === 0 ? '' : ` in addition to ${inUse} ports of other fleets`;
  return `${needed.text}${others} do not fit the client port budget of ${budget}`;
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
