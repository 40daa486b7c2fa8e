import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  type Capabilities,
  FleetOptions,
  type FleetSnapshot,
  type FleetWindowSnapshot,
  type FleetZones,
  faultProblems,
  findProbe,
  framedProblems,
  frameSizeProblems,
  gameProblems,
  isFramed,
  isPlugin,
  isValidPair,
  type NativeErrorEvidence,
  NOTIFIERS_OF,
  type Platform,
  type Plugin,
  PROBE_NAMES,
  type ProbeAnswer,
  type ProbeResult,
  type Problem,
  type ProcessFigures,
  type Protocol,
  pacingProblems,
  platformOf,
  probeAnswer,
  type ResponseShare,
  responseMix,
  responseProblems,
  ServerOptions,
  type ServerSnapshot,
  type ServerZones,
  type SlowEcho,
  type ThreadPlan,
  threadPlan,
  tickProblems,
  tooMuchMemory,
  unsupportedAnswer,
  VALID_PAIRS,
  type Validated,
  validate,
  within,
  withProtocolProblems,
  ZONE_JOIN_BYTES,
  zoneProblems,
} from '@oversoak/contracts';
import { compileProtocol } from '@oversoak/contracts/protocol/compile';
import type { Program } from '@oversoak/contracts/protocol/program';
import { type LoadedPlugin, type LoadLibrary, loadedPlugin } from './plugin.ts';

/**
 * A running echo server. Its threads are its own; JavaScript only takes snapshots.
 */
export interface ServerHandle {
  /** TCP port that it listens on. */
  readonly port: number;
  /** Cumulative figures; cheap, callable at any time, also after `stop`. */
  snapshot(): ServerSnapshot;
  /**
   * The first errors of each class with what is known of them, at most five of each, oldest first;
   * callable at any time, also after `stop`.
   */
  firstErrors(): NativeErrorEvidence[];
  /**
   * Stops accepting, closes every session, joins every thread.
   * Resolves with the final, exact figures; a second call gets the same promise.
   */
  stop(): Promise<ServerSnapshot>;
}

/** A running fleet of clients. It begins to connect at once. */
export interface FleetHandle {
  /** Cumulative figures; cheap, callable at any time, also after `stop`. */
  snapshot(): FleetSnapshot;
  /**
   * The slowest echoes since the last call (the first: since the start), at most 16, slowest first,
   * those of slow readers left out; cheap, callable at any time, also after `stop`. In protocols
   * without the server's stamps (`echo8`, `raw`) all that is beyond the client is `network+wake`.
   */
  takeSlowest(): SlowEcho[];
  /**
   * The first errors of each class with what is known of them, at most five of each, oldest first;
   * callable at any time, also after `stop`.
   */
  firstErrors(): NativeErrorEvidence[];
  /** No further message becomes due; those that wait for room still leave, echoes are taken. */
  finishSending(): void;
  /**
   * The windows of the measurement, in order; once, after `stop` has resolved, else what it answers
   * is undefined. Empty where the options have no `measurement`.
   */
  takeWindows(): FleetWindowSnapshot[];
  /**
   * Finishes sending, waits up to `drainSeconds` (default 5) for what waits for room and for echoes
   * in flight, closes every session (the client first), joins every thread.
   * Resolves with the final, exact figures; a second call gets the same promise.
   */
  stop(options?: { drainSeconds?: number }): Promise<FleetSnapshot>;
}

/** What `startServer` takes; what is left out takes the defaults of the schema in contracts. */
export type ServerRequest = Partial<Omit<ServerOptions, 'zones'>> &
  Pick<ServerOptions, 'notifier' | 'layout'> & { zones?: Partial<ServerZones> };
/** What `startFleet` takes; what is left out takes the defaults of the schema in contracts. */
export type FleetRequest = Partial<Omit<FleetOptions, 'zones'>> &
  Pick<FleetOptions, 'host' | 'port' | 'sessions'> & {
    zones?: Partial<FleetZones> & Pick<FleetZones, 'size'>;
  };

/** What `loadPlugin` takes: the plug-in, where it is, and the fleet that will have it. */
export type PluginRequest = Plugin & { path: string } & Pick<FleetOptions, 'sessions' | 'overSend'>;

/** What stands in for the system's calls in a test of the probes. */
export const PROBE_PLANTS = ['nothing', 'opposite', 'hang'] as const;
export type ProbePlant = (typeof PROBE_PLANTS)[number];

/** What a fleet speaks, as the addon takes it. */
type Spoken = { protocol: Protocol } | { program: Program } | { plugin: object };

/** The addon's own exports. It wants every field; the functions below fill them in and check. */
interface Addon {
  startServer(options: ServerOptions & { plan: ThreadPlan }): Omit<ServerHandle, 'stop'> & {
    stop(): Promise<ServerSnapshot>;
  };
  startFleet(
    options: Omit<FleetOptions, 'responseBytes' | 'protocol' | 'pluginPath'> &
      Spoken & { responseBytes?: ResponseShare[] },
  ): Omit<FleetHandle, 'stop'> & {
    stop(drainSeconds: number): Promise<FleetSnapshot>;
  };
  loadPlugin: LoadLibrary;
  capabilities(): Capabilities;
  processFigures(): ProcessFigures;
  heapHoles(): HeapHoles;
  probeNames(): string[];
  /** Not on Linux: the claims are about Winsock. */
  runProbe?(name: string, plant: ProbePlant): Promise<ProbeResult>;
}

// Compiled code stands in dist/src.
const here = import.meta.url.replace('/dist/src/', '/src/');

const require = createRequire(here);

/** The addon's platform; under Wine `windows`. */
export const platform: Platform = process.platform === 'win32' ? 'windows' : 'linux';

/** Where the addon for this platform is: in the build's folder, or in a package of its own. */
export function addonPath(): string {
  const system = `${process.platform}-${process.arch}`;
  const built = fileURLToPath(new URL(`../build/${system}/oversoak_native.node`, here));
  if (existsSync(built)) return built;
  try {
    return require.resolve(`@oversoak/native-${system}/oversoak_native.node`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    return built;
  }
}

/** Version of the package and so of the addon. */
export const version: string = require('../package.json').version;

let loaded: Addon | undefined;

function addon(): Addon {
  if (loaded !== undefined) return loaded;
  if (process.platform !== 'win32' && process.platform !== 'linux') {
    throw new Error(`the native server needs Windows or Linux, not ${process.platform}`);
  }
  const path = addonPath();
  if (!existsSync(path)) {
    throw new Error(
      `the addon is missing: there is neither ${path} ("npm run setup" builds it) nor the package ` +
        `@oversoak/native-${process.platform}-${process.arch} (npm installs it with oversoak, ` +
        'unless it is configured to omit optional packages)',
    );
  }
  loaded = require(path) as Addon;
  return loaded;
}

/**
 * Starts an echo server; it listens and accepts at once.
 * @throws TypeError for an unknown option or value (its message names each field and the valid
 *   ones), Error with the system's error when the address cannot be had.
 */
export function startServer(request: ServerRequest): ServerHandle {
  const options = checked(validate(ServerOptions, request));
  if (platformOf(options.notifier) !== platform) {
    const valid = NOTIFIERS_OF[platform].join(', ');
    throw new TypeError(
      `/notifier: ${options.notifier} is of ${platformOf(options.notifier)}, and this is ${platform}; valid: ${valid}`,
    );
  }
  if (!isValidPair(options.notifier, options.layout)) {
    const pairs = VALID_PAIRS.map((pair) => `${pair.notifier} with ${pair.layout}`).join(', ');
    throw new TypeError(`/layout: not with ${options.notifier}; valid: ${pairs}`);
  }
  const problems = serverProblems(options);
  if (problems.length > 0) throw refusal(problems);
  const plan = threadPlan(options.layout, options.threads, options.game.contents.length);
  const handle = addon().startServer({ ...options, plan });
  let stopped: Promise<ServerSnapshot> | undefined;
  return {
    ...handle,
    stop() {
      stopped ??= handle.stop();
      return stopped;
    },
  };
}

/**
 * Starts a fleet of clients; it begins to connect at once.
 * @throws TypeError as `startServer`. A server that does not answer is counted, not thrown.
 */
export function startFleet(request: FleetRequest): FleetHandle {
  const options = checkedFleet(request);
  const { protocol, responseBytes, pluginPath, ...others } = options;
  const problems = [
    ...pacingProblems(options),
    ...frameSizeProblems(options, protocol),
    ...responseProblems(options, protocol),
    ...zoneProblems(options, protocol),
    ...(isFramed(protocol) ? within('/protocol', framedProblems(protocol, options)) : []),
    ...pluginPathProblems(options),
  ];
  if (problems.length > 0) throw refusal(problems);
  const mix = responseBytes === undefined ? {} : { responseBytes: responseMix(responseBytes) };
  const handle = addon().startFleet({ ...others, ...spoken(options), ...mix });
  let stopped: Promise<FleetSnapshot> | undefined;
  return {
    ...handle,
    stop({ drainSeconds = 5 } = {}) {
      stopped ??= handle.stop(drainSeconds);
      return stopped;
    },
  };
}

/**
 * Loads a plug-in into the process and checks it, its options and the memory that the fleet's
 * sessions need with it. A fleet with it then finds it loaded.
 * @throws Error that names the file: its bytes have another hash than `sha256`, it cannot be loaded,
 *   it is no plug-in of this version, or it refuses its options; or that says what is too much.
 */
export function loadPlugin({ path, sessions, overSend, plugin }: PluginRequest): LoadedPlugin {
  const loaded = loadedPlugin(addon().loadPlugin, { plugin }, path);
  const { longestAnswerBytes, longestRequestBytes } = loaded;
  const lengths = {
    longestReceivedBytes: longestAnswerBytes,
    longestSentBytes: longestRequestBytes,
  };
  const tooMuch = tooMuchMemory(lengths, { sessions, overSend });
  if (tooMuch !== null) throw new Error(`${plugin.file}: ${tooMuch}`);
  return loaded;
}

/** What this machine is and which notifiers work on it, each tried with an echo over loopback. */
export function capabilities(): Capabilities {
  return addon().capabilities();
}

/** Of this process, also while no server or fleet runs. */
export function processFigures(): ProcessFigures {
  return addon().processFigures();
}

/** Bytes of a heap that hold nothing. */
export interface HeapHoles {
  /** Not returned to the system. */
  committedBytes: number;
  /** Of those: in memory. A heap that grows has not touched all of it. */
  residentBytes: number;
}

/**
 * Windows: of the addon's own heap; walks it under its lock, some milliseconds in which no thread
 * of a server or fleet allocates. Linux: of malloc's arenas, which Node shares; all are resident.
 */
export function heapHoles(): HeapHoles {
  return addon().heapHoles();
}

/**
 * The experiments that the addon has: the names of contracts' catalogue, in its order; none on
 * Linux.
 */
export function probeNames(): string[] {
  return addon().probeNames();
}

/**
 * Tries one claim of contracts' catalogue, on threads of its own; JavaScript goes on meanwhile. It
 * waits nowhere without a bound, but keeps no deadline: one that hangs takes its process with it,
 * so run it in one that may be ended, within the `deadlineSeconds` of the catalogue.
 * @param options.plant for tests: `opposite` plants the opposite of the claim, which must then not
 *   hold; `hang` makes every call block for ever, and the promise is never settled.
 * @throws TypeError for an unknown name or plant; its message has the valid ones.
 */
export async function runProbe(
  name: string,
  { plant = 'nothing' }: { plant?: ProbePlant } = {},
): Promise<ProbeAnswer> {
  const probe = findProbe(name);
  if (probe === undefined) {
    throw new TypeError(`/name: unknown probe "${name}"; valid: ${PROBE_NAMES.join(', ')}`);
  }
  if (!PROBE_PLANTS.includes(plant)) {
    throw new TypeError(`/plant: must be one of ${PROBE_PLANTS.join(', ')}`);
  }
  const { runProbe: run } = addon();
  if (run === undefined)
    return unsupportedAnswer(probe, `it is about Winsock; this is ${platform}`);
  return probeAnswer(probe, await run(name, plant));
}

/** What the schema alone cannot say. */
function serverProblems(options: ServerOptions): Problem[] {
  const { game, fault } = options;
  return [
    ...within('/game', gameProblems(game)),
    ...within('/fault', faultProblems(fault, game)),
    ...serverZoneProblems(options),
  ];
}

function serverZoneProblems({
  zones,
  protocol,
  duplex,
  maxFrameBytes,
  sendQueueBytes,
}: ServerOptions): Problem[] {
  if (zones === undefined) return [];
  const problems = within('/zones', tickProblems(zones, sendQueueBytes));
  if (protocol !== 'oversoak') {
    const detail = `is for the protocol "oversoak" only; it is "${protocol}", which has no zones`;
    problems.push({ pointer: '/zones', detail });
  }
  if (duplex !== 'full') {
    const detail = `needs duplex "full"; it is "${duplex}", where deliveries would hold back receives`;
    problems.push({ pointer: '/zones', detail });
  }
  if (maxFrameBytes < ZONE_JOIN_BYTES) {
    const detail = `must be >= ${ZONE_JOIN_BYTES} with zones, the length of a join`;
    problems.push({ pointer: '/maxFrameBytes', detail });
  }
  return problems;
}

/** The problems of a described protocol have their places in it. */
function checkedFleet(request: FleetRequest): FleetOptions {
  const result = validate(FleetOptions, request);
  const found = 'problems' in result ? result.problems : [];
  const problems = withProtocolProblems(found, '/protocol', request.protocol);
  if (problems.length > 0) throw refusal(problems);
  return checked(result);
}

function pluginPathProblems({ protocol, pluginPath }: FleetOptions): Problem[] {
  const pointer = '/pluginPath';
  if (isPlugin(protocol) === (pluginPath !== undefined)) return [];
  const detail = isPlugin(protocol) ? 'is required with a plug-in' : 'is for a plug-in only';
  return [{ pointer, detail }];
}

function spoken({ protocol, pluginPath = '', sessions, overSend }: FleetOptions): Spoken {
  if (isPlugin(protocol)) {
    return { plugin: loadPlugin({ ...protocol, path: pluginPath, sessions, overSend }).plugin };
  }
  if (!isFramed(protocol)) return { protocol };
  const compiled = compileProtocol(protocol.framed);
  if ('problems' in compiled) throw refusal(within('/protocol/framed', compiled.problems));
  return { program: compiled.program };
}

function checked<T>(result: Validated<T>): T {
  if ('problems' in result) throw refusal(result.problems);
  return result.value;
}

/** All problems in one message. */
function refusal(problems: readonly Problem[]): TypeError {
  const lines = problems.map(({ pointer, detail }) => `${pointer || '/'}: ${detail}`);
  return new TypeError(lines.join('\n'));
}
