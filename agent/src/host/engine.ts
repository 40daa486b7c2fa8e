import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Capabilities, ProbeAnswer, ProcessFigures } from '@oversoak/contracts';
import type {
  FleetHandle,
  FleetRequest,
  ServerHandle,
  ServerRequest,
} from '@oversoak/native-server';

/** What a host process runs: the addon, or something that answers as it does. */
export interface Engine {
  startServer(options: ServerRequest): ServerHandle;
  startFleet(options: FleetRequest): FleetHandle;
  capabilities(): Capabilities;
  /** Of this process, also before there is a server. */
  processFigures(): ProcessFigures;
  /** Committed by the engine for what it holds, and holding nothing. Not to be asked often. */
  heapFreeBytes(): number;
  /** Tries a claim of contracts' catalogue; an engine without probes leaves it out. */
  runProbe?(name: string): Promise<ProbeAnswer>;
  readonly version: string;
}

const FUNCTIONS = [
  'startServer',
  'startFleet',
  'capabilities',
  'processFigures',
  'heapFreeBytes',
] as const;

/** @throws Error when the module cannot be loaded or is not an engine; the message names it. */
export async function loadEngine(specifier: string): Promise<Engine> {
  const module: Record<string, unknown> = await import(
    isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier
  );
  const missing = FUNCTIONS.filter((name) => typeof module[name] !== 'function');
  if (missing.length > 0 || typeof module.version !== 'string') {
    const names = [...missing, ...(typeof module.version === 'string' ? [] : ['version'])];
    throw new Error(`"${specifier}" is not an engine: it does not export ${names.join(', ')}`);
  }
  return module as unknown as Engine;
}
