import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Capabilities, ProbeAnswer, ProcessFigures } from '@oversoak/contracts';
import type {
  FleetHandle,
  FleetRequest,
  HeapHoles,
  PluginRequest,
  ServerHandle,
  ServerRequest,
} from '@oversoak/native-server';

/** What a host process runs: the native addon, or a substitute with the same interface. */
export interface Engine {
  startServer(options: ServerRequest): ServerHandle;
  startFleet(options: FleetRequest): FleetHandle;
  capabilities(): Capabilities;
  /** Figures of this process; available before a server exists. */
  processFigures(): ProcessFigures;
  /** Bytes of the engine's heap that hold nothing. Expensive: do not call it often. */
  heapHoles(): HeapHoles;
  /** Runs a probe of the catalogue in contracts. Absent in an engine without probes. */
  runProbe?(name: string): Promise<ProbeAnswer>;
  /**
   * Loads a plug-in and checks it; throws where it cannot be run. Absent in an engine without
   * plug-ins.
   */
  loadPlugin?(request: PluginRequest): void;
  readonly version: string;
}

const FUNCTIONS = [
  'startServer',
  'startFleet',
  'capabilities',
  'processFigures',
  'heapHoles',
] as const;

const NATIVE = '@oversoak/native-server';

/** @throws Error that names the module when it cannot be loaded or is not an engine */
export async function loadEngine(specifier: string): Promise<Engine> {
  const module: Record<string, unknown> = await load(specifier);
  const missing = FUNCTIONS.filter((name) => typeof module[name] !== 'function');
  if (missing.length > 0 || typeof module.version !== 'string') {
    const names = [...missing, ...(typeof module.version === 'string' ? [] : ['version'])];
    throw new Error(`"${specifier}" is not an engine: it does not export ${names.join(', ')}`);
  }
  return module as unknown as Engine;
}

/** The product's own engine is imported by a literal, so that a bundle of the agent has it. */
function load(specifier: string): Promise<Record<string, unknown>> {
  if (specifier === NATIVE) return import('@oversoak/native-server');
  return import(isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier);
}
