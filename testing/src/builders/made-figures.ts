import {
  type AgentProbeAnswer,
  type ContentFigures,
  emptyHistogram,
  emptyLoad,
  FLEET_ERROR_CLASSES,
  type FleetFigures,
  type FleetLatency,
  type FleetResult,
  type FleetWindow,
  findProbe,
  histogramSince,
  type Ledger,
  type Load,
  loadSince,
  type OwnFigures,
  ofLatencies,
  probePlatform,
  type RunResult,
  readHistogram,
  SERVER_ERROR_CLASSES,
  type ServerFigures,
  type ServerResult,
  type ServerWindow,
  type SoakSpec,
  type StageTable,
  stagesSince,
  probeAnswer as withWords,
  writeHistogram,
} from '@oversoak/contracts';
import { publicRun, queuedRun, type RunRecord } from '@oversoak/control-plane/model/run-record';
import { validateSpec } from '@oversoak/control-plane/submit/validate';
import { environment } from './made-agents.ts';

const MS = 1_000_000;

/** `count` echoes of one latency, as a cumulative histogram. */
export function histogram(count: number, latencyMs = 2): string {
  const made = emptyHistogram();
  if (count > 0) made.recordValueWithCount(latencyMs * MS, count);
  return writeHistogram(made);
}

/** A fleet's histograms of times; those that are not given are empty. */
export const madeLatencies = (given: Partial<Record<FleetLatency, string>>) =>
  ofLatencies((name) => given[name] ?? histogram(0));

/** Echoes of two latencies. */
export function histogramOf(count: number, latencyMs: number, others: number, otherMs: number) {
  const made = readHistogram(histogram(count, latencyMs));
  made.recordValueWithCount(otherMs * MS, others);
  return writeHistogram(made);
}

/** `count` latencies that scatter log-normally around a median, the same for the same seed. */
export function latencies(count: number, medianMs: number, seed: number): string {
  const made = emptyHistogram();
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  for (let at = 0; at < count; at++) {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    made.recordValue(Math.round(medianMs * MS * Math.exp(normal / 2)));
  }
  return writeHistogram(made);
}

const zeroes = <C extends object>(classes: C) =>
  Object.fromEntries(Object.keys(classes).map((name) => [name, 0])) as Record<keyof C, number>;

const processFigures = {
  userSeconds: 1,
  kernelSeconds: 1,
  workingSetBytes: 50_000_000,
  privateBytes: null,
  handles: null,
  threads: 8,
};

const ownFigures: OwnFigures = {
  workingSetBytes: 50_000_000,
  privateBytes: null,
  handles: null,
  threads: 2,
};

/** So many messages were due, sent and echoed; `changes` and `unsent` are other counts. */
export function madeLoad(
  sent: number,
  changes: Partial<Omit<Load, 'unsent'>> = {},
  unsent: Partial<Load['unsent']> = {},
): Load {
  const none = emptyLoad();
  const counts = { ...none, sent, echoed: sent, unsent: { ...none.unsent, ...unsent }, ...changes };
  const never = Object.values(counts.unsent).reduce((sum, count) => sum + count, 0);
  return { ...counts, due: changes.due ?? counts.sent + never };
}

/** A sound fleet of ten sessions at the moment when `sent` messages were sent and echoed. */
export function fleetFigures(
  sent: number,
  changes: {
    ledger?: Partial<Ledger>;
    errors?: Partial<FleetFigures['errors']>;
    load?: Partial<Omit<Load, 'unsent'>>;
    unsent?: Partial<Load['unsent']>;
    stalls?: FleetFigures['measured']['stalls'];
    busySeconds?: number;
    connectsRefused?: FleetFigures['measured']['connectsRefused'];
    connects?: number;
    live?: number;
    aborts?: number;
    latencyMs?: number;
    latency?: FleetFigures['measured']['latency'];
    stages?: StageTable;
    zones?: FleetFigures['zones'];
    deliveries?: FleetFigures['measured']['deliveries'];
  } = {},
): FleetFigures {
  const ledger = { sent, echoed: sent, inFlight: 0, lostOnClose: 0, ...changes.ledger };
  const latency = histogram(ledger.echoed, changes.latencyMs);
  return {
    elapsedSeconds: sent / 100,
    sessions: {
      requested: 10,
      live: changes.live ?? 10,
      connects: changes.connects ?? 10,
      disconnects: 0,
      aborts: changes.aborts ?? 0,
      slowReaders: 0,
    },
    ledger,
    bytes: { received: sent * 64, sent: sent * 64 },
    errors: { ...zeroes(FLEET_ERROR_CLASSES), ...changes.errors },
    measured: {
      load: madeLoad(sent, { echoed: ledger.echoed, ...changes.load }, changes.unsent),
      stalls: changes.stalls ?? { count: 0, seconds: 0 },
      busySeconds: changes.busySeconds ?? 0,
      connectsRefused: changes.connectsRefused ?? { count: 0, seconds: 0 },
      latency: changes.latency ?? madeLatencies({ intended: latency, actual: latency }),
      stages: changes.stages ?? [],
      ...(changes.deliveries === undefined ? {} : { deliveries: changes.deliveries }),
    },
    ...(changes.zones === undefined ? {} : { zones: changes.zones }),
    slowEchoesLetGo: 0,
    threads: [{ name: 'fleet-0', userSeconds: sent / 1e5, kernelSeconds: 0, cycles: null }],
    process: processFigures,
  };
}

/** So many windows of a sound fleet, 100 messages each of 2 ms; `change` are fields of one. */
export function fleetWindows(
  count: number,
  change: (index: number) => Partial<FleetWindow> & { latencyMs?: number } = () => ({}),
): FleetWindow[] {
  return Array.from({ length: count }, (_, index) => {
    const { latencyMs, ...fields } = change(index);
    const made = {
      startSeconds: index,
      endSeconds: index + 1,
      load: madeLoad(100),
      leftLater: [],
      busySeconds: 0,
      errors: zeroes(FLEET_ERROR_CLASSES),
      ...fields,
    };
    return { ...made, intended: fields.intended ?? histogram(made.load.echoed, latencyMs) };
  });
}

/** So many windows of a sound server; `change` are figures of its own at the end of one. */
export function serverWindows(
  count: number,
  change: (index: number) => Partial<OwnFigures> = () => ({}),
): ServerWindow[] {
  return Array.from({ length: count }, (_, index) => ({
    startSeconds: index,
    endSeconds: index + 1,
    echoed: 100,
    cpuSeconds: 0.1,
    sessions: 10,
    queueDepthMean: null,
    errors: zeroes(SERVER_ERROR_CLASSES),
    own: { ...ownFigures, ...change(index) },
  }));
}

/** Its measurement is what came between `start` and `end`. */
export function fleetResult(
  end: FleetFigures = fleetFigures(1100),
  start: FleetFigures = fleetFigures(100),
  final: FleetFigures = end,
): FleetResult {
  const { latency, load } = end.measured;
  const before = start.measured;
  const measured = {
    ...end.measured,
    load: loadSince(load, before.load),
    stages: stagesSince(end.measured.stages, before.stages),
    latency: ofLatencies((name) => histogramSince(latency[name], before.latency[name])),
  };
  return {
    role: 'fleet',
    measuredSeconds: 10,
    figures: { measureStart: start, measureEnd: end, final: { ...final, measured } },
    series: { windowSeconds: 1, windows: [] },
  };
}

/** A sound iocp × homo server; `more` are whole fields in place of its own. */
export function serverFigures(
  echoed: number,
  changes: {
    accepted?: number;
    errors?: Partial<ServerFigures['errors']>;
    more?: Partial<ServerFigures>;
  } = {},
): ServerFigures {
  const accepted = changes.accepted ?? 10;
  return {
    notifier: 'iocp',
    layout: 'homo',
    protocol: 'oversoak',
    elapsedSeconds: echoed / 100,
    sessions: { accepted, live: accepted, closed: 0 },
    frames: { received: echoed, echoed, discarded: 0 },
    bytes: { received: echoed * 64, sent: echoed * 64 },
    receives: { atOnce: echoed / 4, pending: (echoed * 3) / 4, failed: 0 },
    sends: { atOnce: echoed, pending: 0, failed: 0 },
    completions: { total: echoed * 2, batches: echoed, largestBatch: 4 },
    errors: { ...zeroes(SERVER_ERROR_CLASSES), ...changes.errors },
    players: { joins: accepted, leaves: 0, live: accepted },
    container: { lookups: 0, changes: 0 },
    moves: 0,
    contents: [contentFigures('lobby', { handled: echoed })],
    histograms: {
      lockWait: histogram(0),
      moveLatency: histogram(0),
      queueWait: { lobby: histogram(0) },
    },
    threadsRequested: { io: 1, content: 0 },
    threadsRan: { io: 1, content: 0 },
    threads: [
      { name: 'io-0', userSeconds: echoed / 10_000, kernelSeconds: echoed / 10_000, cycles: null },
    ],
    process: processFigures,
    own: ownFigures,
    ...changes.more,
  };
}

/** A content of homo: no thread of its own and no queue. */
export function contentFigures(
  name: string,
  changes: Partial<ContentFigures> = {},
): ContentFigures {
  return {
    name,
    threads: 0,
    handled: 0,
    arrivals: 0,
    hops: 0,
    rerouted: 0,
    workSeconds: 0,
    queueDepth: { max: 0, sum: 0, looks: 0 },
    ...changes,
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
    series: { windowSeconds: 1, windows: [] },
  };
}

/** A spec as a user writes it: defaults left out. */
export function submittedSpec() {
  return {
    name: 'made',
    matrix: { notifier: ['iocp'], sessions: [10] },
    workload: { ratePerSecond: 2000 },
    phases: { rampUpSeconds: 0, warmUpSeconds: 0, measureSeconds: 0.05, drainSeconds: 0 },
  };
}

/** As it is stored once it was validated. */
export function madeSpec(changes: Partial<SoakSpec> = {}): SoakSpec {
  const valid = validateSpec(submittedSpec());
  if ('problems' in valid) throw new Error(JSON.stringify(valid.problems));
  return { ...valid.spec, ...changes };
}

export const TARGET: NonNullable<SoakSpec['target']> = {
  host: '127.0.0.1',
  port: 7000,
  protocol: 'echo8',
};

/** A soak of a server that is there already. */
export function targetSpec(changes: Partial<SoakSpec> = {}): SoakSpec {
  return madeSpec({ matrix: { sessions: [10] }, target: TARGET, ...changes });
}

/** A run on that server: a gang of one fleet. */
export function targetResult(changes: Partial<RunResult> = {}): RunResult {
  const { run } = madeResult();
  return madeResult({
    run: {
      ...run,
      cell: { notifier: null, layout: null, sessions: 10 },
      gang: [{ agentId: 'agent-b', role: 'fleet' }],
    },
    spec: targetSpec(),
    server: null,
    ...changes,
  });
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
      endpoint: null,
    },
    0,
    1000,
  );
  return { ...queued, ...changes };
}

export const MADE_GANG = [
  {
    agentId: 'agent-a',
    role: 'server',
    incarnation: 'agent-a-1',
    host: '127.0.0.1',
    system: 'wine',
  },
  {
    agentId: 'agent-b',
    role: 'fleet',
    incarnation: 'agent-b-1',
    host: '127.0.0.1',
    system: 'wine',
  },
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
    events: [],
    evidence: null,
    late: [],
    ...changes,
  };
}

/** What an agent answers of a probe whose claim holds there. */
export function probeAnswer(agentId: string, name: string): AgentProbeAnswer {
  const probe = findProbe(name);
  if (probe === undefined) throw new Error(`no probe "${name}"`);
  const answer = withWords(probe, { outcome: 'holds', note: '', elapsedMs: 20, figures: [] });
  return { ...answer, agentId, atMs: Date.now(), platform: probePlatform(environment()) };
}
