import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Capabilities, ClientPorts, NeededPorts } from '@oversoak/contracts';

/** TIME_WAIT in seconds. Windows': 2 × 60 s, unless the registry's TcpTimedWaitDelay changes it. */
const TIME_WAIT_SECONDS = { windows: 120, linux: 60 };
/** Windows' default dynamic client port range is 49152 to 65535. */
const DEFAULT_DYNAMIC_PORTS = 16_384;
/** Share reserved for other programs and for what the runs before have left in TIME_WAIT. */
const RESERVED_SHARE = 0.1;

/** The system's text about its dynamic ports; null when it cannot be read. */
export type PortRange =
  /** `/proc/sys/net/ipv4/ip_local_port_range`: the first and the last port. */
  | { system: 'linux'; text: string | null }
  /** `netsh int ipv4 show dynamicport tcp`: in any language the first port and how many. */
  | { system: 'windows'; text: string | null };

/** Pure: how many dynamic ports there are; the default of Windows, the smaller one, if unknown. */
function dynamicPorts({ system, text }: PortRange): number {
  const [first, second] = text?.match(/\d{1,5}(?=\s|$)/g)?.map(Number) ?? [];
  if (first === undefined || second === undefined) return DEFAULT_DYNAMIC_PORTS;
  if (system === 'windows') return second;
  return second >= first ? second - first + 1 : DEFAULT_DYNAMIC_PORTS;
}

/** Pure: what the fleets of a machine may use. */
export function clientPorts(range: PortRange): ClientPorts {
  return {
    budget: Math.floor(dynamicPorts(range) * (1 - RESERVED_SHARE)),
    timeWaitSeconds: TIME_WAIT_SECONDS[range.system],
  };
}

/** Returns why the ports exceed the budget, or null. */
export function overBudget(needed: NeededPorts, inUse: number, budget: number): string | null {
  if (needed.ports + inUse <= budget) return null;
  const others = inUse === 0 ? '' : ` in addition to ${inUse} ports of other fleets`;
  return `${needed.text}${others} do not fit the client port budget of ${budget}`;
}

/** The range of the system that has the sockets: Linux' under Wine. */
export async function readPortRange(
  capabilities: Pick<Capabilities, 'wineVersion'>,
): Promise<PortRange> {
  const underWine = process.platform === 'win32' && capabilities.wineVersion !== null;
  if (process.platform === 'win32' && !underWine) {
    const shown = promisify(execFile)('netsh', ['int', 'ipv4', 'show', 'dynamicport', 'tcp']);
    const text = await shown.then(
      ({ stdout }) => stdout,
      () => null,
    );
    return { system: 'windows', text };
  }
  const path = '/proc/sys/net/ipv4/ip_local_port_range';
  try {
    return { system: 'linux', text: await readFile(underWine ? `Z:${path}` : path, 'utf8') };
  } catch (error) {
    // The prefix has no Z: drive.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { system: 'linux', text: null };
    }
    throw error;
  }
}
