import {
  type ComparedCell,
  type ComparedZones,
  type Comparison,
  ERROR_CLASSES,
  emptyLoad,
  FLEET_ERROR_CLASSES,
  type Notifier,
  type Run,
  type RunState,
  type Sample,
  type Soak,
  SoakSpec,
  validate,
} from '@oversoak/contracts';

/** Made-up values of the contracts' types for tests. */

export function zeroErrors<T extends object>(classes: T): Record<keyof T & string, number> {
  return Object.fromEntries(Object.keys(classes).map((name) => [name, 0])) as Record<
    keyof T & string,
    number
  >;
}

type LatencySummary = ComparedCell['latencyIntended'];

/** Of a histogram without a value. */
export const NO_LATENCY: LatencySummary = {
  count: 0,
  p50Us: null,
  p90Us: null,
  p99Us: null,
  p999Us: null,
  slowestUs: null,
  maxUs: null,
};

export function comparedCell(
  notifier: Notifier,
  change: Partial<Omit<ComparedCell, 'errors'>> & { errors?: Record<string, number> } = {},
): ComparedCell {
  const latency = {
    count: 9_600,
    p50Us: 412.3,
    p90Us: 903,
    p99Us: 1_934.8,
    p999Us: 12_045,
    slowestUs: 4_120,
    maxUs: 118_400.2,
  };
  return {
    key: `${notifier}.homo.100`,
    cell: { notifier, layout: 'homo', sessions: 100 },
    verdict: 'passed',
    reasons: ['0 errors in 19200 echoes'],
    loadSound: true,
    runs: [{ runId: 'run-1', repeat: 1, verdict: 'passed' }],
    measuredSeconds: 24,
    offeredRate: 800,
    achievedRate: 799.96,
    echoes: 19_200,
    latencyIntended: latency,
    latencyActual: latency,
    sendLag: {
      ...{ count: 9_600, p50Us: 60, p90Us: 210, p99Us: 480, p999Us: 950, maxUs: 2_100 },
      slowestUs: 620,
    },
    ledger: { sent: 24_000, echoed: 24_000, inFlight: 0, lostOnClose: 0, balanced: true },
    serverCpuPerEchoUs: 42.1,
    ioThreadsRequested: 1,
    ioThreadsRan: notifier === 'event' ? 2 : 1,
    contentThreadsRequested: 0,
    contentThreadsRan: 0,
    lockWait: NO_LATENCY,
    queueWait: NO_LATENCY,
    moveLatency: NO_LATENCY,
    queueDepthMax: 0,
    queueDepthMean: null,
    hopsPerMessage: 0,
    moves: 0,
    rerouted: 0,
    contents: [],
    zones: null,
    threadCpu: [{ name: 'io-0', share: 0.034 }],
    slowest: null,
    serverWorkingSetBytes: 48_300_000,
    completionsPerBatch: 1.7,
    receivesAtOnceShare: 0.8,
    platform: ['Wine 8.0 on Linux: correctness and relative cost, not Windows performance'],
    ...change,
    errors: { ...zeroErrors(ERROR_CLASSES), ...change.errors },
  };
}

/** One content, 83 % of whose messages are the lobby's, under `hetero`. */
export function heteroCell(
  notifier: Notifier,
  change: Parameters<typeof comparedCell>[1] = {},
): ComparedCell {
  const wait = (p99Us: number): LatencySummary => ({
    count: 9_600,
    p50Us: p99Us / 10,
    p90Us: p99Us / 2,
    p99Us,
    p999Us: p99Us * 2,
    slowestUs: p99Us * 1.5,
    maxUs: p99Us * 3,
  });
  const content = { rerouted: 4, workUsPerMessage: 30.2, queueDepthMean: 1.2 };
  return comparedCell(notifier, {
    key: `${notifier}.hetero.100`,
    cell: { notifier, layout: 'hetero', sessions: 100 },
    contentThreadsRequested: 3,
    contentThreadsRan: 3,
    lockWait: wait(1.84),
    queueWait: wait(11_930),
    moveLatency: wait(13_400),
    queueDepthMax: 41,
    queueDepthMean: 1.24,
    hopsPerMessage: 1.004,
    moves: 1_250,
    rerouted: 12,
    contents: [
      { name: 'lobby', handled: 8_300, queueWait: wait(12_400), queueDepthMax: 41, ...content },
      { name: 'pvp', handled: 850, queueWait: wait(210), queueDepthMax: 3, ...content },
      { name: 'dungeon', handled: 850, queueWait: wait(99), queueDepthMax: 12, ...content },
    ],
    threadCpu: [
      { name: 'accept', share: 0 },
      { name: 'io-0', share: 0.034 },
      { name: 'lobby-0', share: 0.874 },
    ],
    slowest: {
      count: 192,
      meanUs: {
        client: 60,
        'network+wake': 2_460,
        lock: 12.3,
        queue: 8_733,
        work: 738,
        send: 246,
        'fan-out': 0,
      },
      dominating: 'queue',
    },
    ...change,
  });
}

/** A cell in whose zones of fifty a policy left something out. */
export function zonesCell(
  layout: 'homo' | 'hetero',
  change: Partial<ComparedZones> = {},
): ComparedCell {
  const latency = (p99Us: number): LatencySummary => ({
    ...{ count: 40_000, p50Us: p99Us / 4, p90Us: p99Us / 2, p99Us, p999Us: p99Us * 2 },
    ...{ slowestUs: p99Us * 1.5, maxUs: p99Us * 3 },
  });
  return comparedCell('iocp', {
    key: `iocp.${layout}.100`,
    cell: { notifier: 'iocp', layout, sessions: 100 },
    zones: {
      ...{ deliveries: 48_000, deliveryRate: 2_000, untimed: 0, perBroadcast: 50 },
      ...{ latency: latency(8_200), lastMember: latency(11_400), mailsPerBroadcast: 2 },
      ...{ ticks: 0, ticksSkipped: 0, tickDeliveries: 0, tickLatency: NO_LATENCY },
      ...{ tickLateness: NO_LATENCY },
      ...{ sendsPerReceive: 44.2, bytesPerReceive: 9_200, cpuPerDeliveryUs: 6.21 },
      ...{ ioCpuPerDeliveryUs: 5.1, contentCpuPerDeliveryUs: 1.11, backlogMaxBytes: 18_400 },
      ...{ payloads: 31, dropped: 1_204, replaced: 0, closed: 0, skipped: 1_204, ...change },
    },
  });
}

/** A server that oversoak did not start: nothing is known of its inside. */
export function targetCell(): ComparedCell {
  return comparedCell('iocp', {
    key: 'target.100',
    cell: { notifier: null, layout: null, sessions: 100 },
    serverCpuPerEchoUs: null,
    ioThreadsRequested: null,
    ioThreadsRan: null,
    contentThreadsRequested: null,
    contentThreadsRan: null,
    queueDepthMax: null,
    hopsPerMessage: null,
    moves: null,
    rerouted: null,
    threadCpu: [],
    serverWorkingSetBytes: null,
    completionsPerBatch: null,
    receivesAtOnceShare: null,
  });
}

export function comparison(cells: ComparedCell[], change: Partial<Comparison> = {}): Comparison {
  return {
    soakId: 'soak-1',
    name: 'demo',
    complete: true,
    verdict: 'passed',
    platform: ['Wine 8.0 on Linux: correctness and relative cost, not Windows performance'],
    cells,
    predictions: [],
    rankings: [],
    notes: [],
    against: null,
    ...change,
  };
}

const checkedSpec = validate(SoakSpec, {
  name: 'demo',
  matrix: { notifier: ['iocp', 'event'], sessions: [100] },
  workload: { ratePerSecond: 800 },
  phases: { rampUpSeconds: 1, warmUpSeconds: 2, measureSeconds: 12, drainSeconds: 3 },
  repeats: 2,
});
if ('problems' in checkedSpec) throw new Error(JSON.stringify(checkedSpec.problems));
export const SPEC: SoakSpec = checkedSpec.value;

export function run(runId: string, state: RunState, change: Partial<Run> = {}): Run {
  return {
    runId,
    soakId: 'soak-1',
    cell: { notifier: 'iocp', layout: 'homo', sessions: 100 },
    repeat: 1,
    state,
    epoch: 1,
    gang: [],
    startAtMs: null,
    judgement: null,
    ...change,
  };
}

export function soak(runs: Run[], change: Partial<Soak> = {}): Soak {
  return {
    soakId: 'soak-1',
    name: 'demo',
    createdAtMs: 0,
    origin: { kind: 'submitted' },
    state: 'running',
    verdict: null,
    against: null,
    waiting: null,
    spec: SPEC,
    runs,
    ...change,
  };
}

/** A fleet of a hundred live sessions whose messages were all echoed, without errors or costs. */
export function idealFleet(elapsedSeconds: number, echoed: number): NonNullable<Sample['fleet']> {
  return {
    elapsedSeconds,
    sessions: {
      requested: 100,
      live: 100,
      connects: 100,
      disconnects: 0,
      aborts: 0,
      slowReaders: 0,
    },
    ledger: { sent: echoed, echoed, inFlight: 0, lostOnClose: 0 },
    measured: {
      load: { ...emptyLoad(), due: echoed, sent: echoed, echoed },
      stalls: { count: 0, seconds: 0 },
      busySeconds: 0,
      connectsRefused: { count: 0, seconds: 0 },
    },
    slowEchoesLetGo: 0,
    bytes: { received: 0, sent: 0 },
    errors: zeroErrors(FLEET_ERROR_CLASSES),
    threads: [],
    process: {
      userSeconds: 0,
      kernelSeconds: 0,
      workingSetBytes: null,
      privateBytes: null,
      handles: null,
      threads: null,
    },
  };
}

/** A fleet's sample with what the progress reads of it. */
export function fleetSample(
  runId: string,
  sinceStartSeconds: number,
  echoed: number,
  change: { agentId?: string; errors?: Record<string, number>; phase?: Sample['phase'] } = {},
): Sample {
  const fleet = idealFleet(sinceStartSeconds, echoed);
  return {
    runId,
    epoch: 1,
    agentId: change.agentId ?? 'agent-b',
    role: 'fleet',
    atMs: 0,
    phase: change.phase ?? 'measuring',
    sinceStartSeconds,
    fleet: { ...fleet, errors: { ...fleet.errors, ...change.errors } },
  };
}
