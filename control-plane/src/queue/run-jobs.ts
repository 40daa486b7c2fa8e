import {
  type Abort,
  type Assign,
  cellKey,
  type Endpoint,
  type FleetOptions,
  type FleetZones,
  FRAME_OVERHEAD_BYTES,
  longestResponseBytes,
  protocolOf,
  type RunAbout,
  ServerOptions,
  type ServerZones,
  type SoakSpec,
  type Start,
  serverOf,
  ZONE_JOIN_BYTES,
  type Zones,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { fleetShares } from '../model/fleet-shares.ts';
import type { Member, RunRecord } from '../model/run-record.ts';

const SEEDS = 2 ** 32;
/** More than the fleet agents of a gang, so that fleets of different repeats never share a seed. */
const SEEDS_PER_REPEAT = 64;

/** The endpoint of an external target; null if the gang has its own server. */
export function targetEndpoint({ target }: Pick<SoakSpec, 'target'>): Endpoint | null {
  return target === undefined ? null : { host: target.host, port: target.port };
}

function serverZones({ policy, ticksPerSecond, tickBytes }: Zones): ServerZones {
  return { policy, ticksPerSecond, tickBytes };
}

function fleetZones({ policy: _, ...zones }: Zones): FleetZones {
  return zones;
}

function serverOptions({ runId, cell }: RunRecord, spec: SoakSpec): ServerOptions {
  if (cell.notifier === null || cell.layout === null) {
    throw new Error(`run ${runId} is about a target and has no server of its own`);
  }
  const { containerLock = spec.game.containerLock, contentQueue = spec.game.contentQueue } = cell;
  const { port, duplex, sendQueueBytes, iocp } = spec.server;
  const { zones } = spec.workload;
  const requested = {
    notifier: cell.notifier,
    layout: cell.layout,
    port,
    duplex,
    protocol: spec.workload.protocol,
    threads: spec.threads,
    game: { ...spec.game, containerLock, contentQueue },
    // Chunks of raw bytes may be shorter than the shortest frame.
    maxFrameBytes: Math.max(
      spec.workload.maxFrameBytes,
      longestResponseBytes(spec.workload.responseBytes),
      zones === undefined ? FRAME_OVERHEAD_BYTES : ZONE_JOIN_BYTES,
    ),
    sendQueueBytes,
    iocp,
    ...(zones === undefined ? {} : { zones: serverZones(zones) }),
    ...(spec.fault === undefined ? {} : { fault: spec.fault }),
  };
  return Value.Default(ServerOptions, requested) as ServerOptions;
}

function fleetOptions(
  run: RunRecord,
  spec: SoakSpec,
  index: number,
): Omit<FleetOptions, 'host' | 'port'> {
  const shares = fleetShares(run.cell.sessions, spec);
  const sessions = shares[index];
  if (sessions === undefined) {
    throw new Error(`run ${run.runId} has more fleet members than its spec's ${spec.fleet.agents}`);
  }
  const share = sessions / run.cell.sessions;
  const { ratePerSecond, disconnectsPerSecond, zones, ...workload } = spec.workload;
  return {
    ...workload,
    ...(zones === undefined ? {} : { zones: fleetZones(zones) }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond: ratePerSecond * share }),
    disconnectsPerSecond: disconnectsPerSecond * share,
    protocol: protocolOf(spec),
    sessions,
    firstSession: shares.slice(0, index).reduce((sum, each) => sum + each, 0),
    threads: spec.fleet.threads,
    rampUpSeconds: spec.phases.rampUpSeconds,
    // The same for every cell of a repeat, so that all cells get the same arrivals.
    seed: (spec.seed + (run.repeat - 1) * SEEDS_PER_REPEAT + index) % SEEDS,
  };
}

export function aboutRun(
  { runId, gang, cell, repeat }: RunRecord,
  spec: SoakSpec,
  schedule: string | null,
): RunAbout {
  const { sessions } = cell;
  const platform = (gang.find(({ role }) => role === 'server') ?? gang[0])?.system;
  if (platform == null) throw new Error(`run ${runId} has no gang of this cluster`);
  return {
    soakName: spec.name,
    ...(schedule === null ? {} : { schedule }),
    cell: cellKey(cell),
    ...serverOf(cell),
    sessions,
    platform,
    repeat,
  };
}

/** The job that asks a member to prepare. `schedule`: the one that submitted the soak. */
export function assignJob(
  run: RunRecord,
  spec: SoakSpec,
  member: Member,
  schedule: string | null = null,
): Assign {
  const { runId, soakId, epoch, phases, deadlineMs } = run;
  if (deadlineMs === null) throw new Error(`run ${runId} is done and cannot be assigned`);
  const fleet = run.gang.filter(({ role }) => role === 'fleet');
  const index = fleet.findIndex(({ agentId }) => agentId === member.agentId);
  const target = targetEndpoint(spec);
  const part: Assign['part'] =
    member.role === 'server'
      ? { role: 'server', options: serverOptions(run, spec) }
      : {
          role: 'fleet',
          options: fleetOptions(run, spec, index),
          ...(target === null ? {} : { target }),
        };
  const { incarnation } = member;
  const about = aboutRun(run, spec, schedule);
  return { kind: 'assign', runId, soakId, about, epoch, incarnation, deadlineMs, phases, part };
}

export function startJob(run: RunRecord, { incarnation }: Member): Start {
  const { runId, epoch, startAtMs, endpoint } = run;
  if (startAtMs === null || endpoint === null) {
    throw new Error(`run ${runId} is starting without a start time or an endpoint`);
  }
  return { kind: 'start', runId, epoch, incarnation, startAtMs, endpoint };
}

export function abortJob(
  { runId, epoch }: RunRecord,
  { incarnation }: Member,
  reason: string,
): Abort {
  return { kind: 'abort', runId, epoch, incarnation, reason };
}
