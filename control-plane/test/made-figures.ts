import {
  type Capabilities,
  type Environment,
  emptyHistogram,
  type FleetFigures,
  type FleetResult,
  type Ledger,
  type Registration,
  type RunResult,
  type ServerFigures,
  type ServerResult,
  SoakSpec,
  writeHistogram,
} from '@oversoak/contracts';
import { Value } from 'typebox/value';
import { publicRun, queuedRun, type RunRecord } from '../src/run/record.ts';

const MS = 1_000_000;

/** `count` echoes of one latency, as a cumulative histogram. */
export function histogram(count: number, latencyMs = 2): string {
  const made = emptyHistogram();
  if (count > 0) made.recordValueWithCount(latencyMs * MS, count);
  return writeHistogram(made);
}

const noErrors = {
  connectFailed: 0,
  disconnectedByServer: 0,
  corrupt: 0,
  outOfOrder: 0,
  duplicate: 0,
  notReceivedInTime: 0,
};

const noServerErrors = {
  acceptFailed: 0,
  malformedFrame: 0,
  oversizedFrame: 0,
  checksumMismatch: 0,
  sendOverflow: 0,
  receiveFailed: 0,
  sendFailed: 0,
};

const processFigures = {
  userSeconds: 1,
  kernelSeconds: 1,
  workingSetBytes: 50_000_000,
  privateBytes: null,
  handles: null,
  threads: 8,
};

/** A sound fleet of ten sessions at the moment when `sent` messages were sent and echoed. */
export function fleetFigures(
  sent: number,
  changes: {
    ledger?: Partial<Ledger>;
    errors?: Partial<FleetFigures['errors']>;
    offered?: number;
    late?: number;
    heldByWindow?: number;
    connects?: number;
    latencyMs?: number;
  } = {},
): FleetFigures {
  const ledger = { sent, echoed: sent, inFlight: 0, lostOnClose: 0, ...changes.ledger };
  const latency = histogram(ledger.echoed, changes.latencyMs);
  return {
    elapsedSeconds: sent / 100,
    sessions: { asked: 10, live: 10, connects: changes.connects ?? 10, disconnects: 0 },
    ledger,
    offered: changes.offered ?? sent,
    heldByWindow: changes.heldByWindow ?? 0,
    late: changes.late ?? 0,
    bytes: { received: sent * 64, sent: sent * 64 },
    errors: { ...noErrors, ...changes.errors },
    latency: { intended: latency, actual: latency, sendLag: histogram(0) },
    threads: [{ name: 'fleet-0', userSeconds: sent / 1e5, kernelSeconds: 0 }],
    process: processFigures,
  };
}

export function fleetResult(
  end: FleetFigures = fleetFigures(1100),
  start: FleetFigures = fleetFigures(100),
  final: FleetFigures = end,
): FleetResult {
  return {
    role: 'fleet',
    measuredSeconds: 10,
    figures: { measureStart: start, measureEnd: end, final },
  };
}

export function serverFigures(
  echoed: number,
  changes: { accepted?: number; errors?: Partial<ServerFigures['errors']> } = {},
): ServerFigures {
  const accepted = changes.accepted ?? 10;
  return {
    notifier: 'iocp',
    layout: 'homo',
    elapsedSeconds: echoed / 100,
    sessions: { accepted, live: accepted, closed: 0 },
    frames: { received: echoed, echoed },
    bytes: { received: echoed * 64, sent: echoed * 64 },
    receives: { atOnce: echoed / 4, pending: (echoed * 3) / 4, failed: 0 },
    sends: { atOnce: echoed, pending: 0, failed: 0 },
    completions: { total: echoed * 2, batches: echoed, largestBatch: 4 },
    errors: { ...noServerErrors, ...changes.errors },
    ioThreadsAsked: 1,
    ioThreadsRan: 1,
    threads: [{ name: 'io-0', userSeconds: echoed / 10_000, kernelSeconds: echoed / 10_000 }],
    process: processFigures,
  };
}

export function serverResult(
  end: ServerFigures = serverFigures(1100),
  start: ServerFigures = serverFigures(100),
  final: ServerFigures = end,
): ServerResult {
  return {
    role: 'server',
    measuredSeconds: 10,
    figures: { measureStart: start, measureEnd: end, final },
  };
}

export function capabilities(works: readonly string[] = ['iocp', 'event']): Capabilities {
  const known = ['iocp', 'completion-routine', 'event'] as const;
  return {
    windowsVersion: '10.0.19043',
    wineVersion: '8.0',
    cores: 2,
    notifiers: known.map((name) => ({
      name,
      works: works.includes(name),
      reason: works.includes(name) ? null : 'its self-test got no echo',
    })),
    layouts: ['homo'],
  };
}

export function environment(works?: readonly string[]): Environment {
  return {
    hostname: 'made',
    cpuModel: 'made',
    memoryBytes: 1_000_000,
    nodeVersion: 'v22.23.3',
    addonVersion: '0.1.0',
    capabilities: capabilities(works),
  };
}

export function registration(agentId: string, changes: Partial<Registration> = {}): Registration {
  return {
    agentId,
    incarnation: `${agentId}-1`,
    labels: {},
    slots: 1,
    advertisedHost: '127.0.0.1',
    allowsFaults: false,
    environment: environment(),
    ...changes,
  };
}

/** A spec as a user writes it: defaults left out. */
export function submittedSpec() {
  return {
    name: 'made',
    matrix: { notifier: ['iocp'], sessions: [10] },
    workload: { ratePerSecond: 100 },
    phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 0.05, drainSeconds: 0 },
  };
}

export function madeSpec(changes: Partial<SoakSpec> = {}): SoakSpec {
  return { ...(Value.Default(SoakSpec, submittedSpec()) as SoakSpec), ...changes };
}

export function madeRun(changes: Partial<RunRecord> = {}): RunRecord {
  const queued = queuedRun(
    {
      runId: 'run-1',
      soakId: 'soak-1',
      index: 0,
      cell: { notifier: 'iocp', layout: 'homo', sessions: 10 },
      repeat: 1,
      phases: madeSpec().phases,
    },
    0,
    1000,
  );
  return { ...queued, ...changes };
}

export const MADE_GANG = [
  { agentId: 'agent-a', role: 'server', incarnation: 'agent-a-1' },
  { agentId: 'agent-b', role: 'fleet', incarnation: 'agent-b-1' },
] as const;

/** A run that went as planned and measured 1,000 echoes in 10 s. */
export function madeResult(changes: Partial<RunResult> = {}): RunResult {
  const run = madeRun({ state: 'judging', epoch: 1, gang: [...MADE_GANG] });
  return {
    run: publicRun(run),
    spec: madeSpec(),
    environments: { 'agent-a': environment(), 'agent-b': environment() },
    clockOffsetsMs: { 'agent-a': 0, 'agent-b': 0 },
    server: serverResult(),
    fleets: { 'agent-b': fleetResult() },
    notes: [],
    ...changes,
  };
}
