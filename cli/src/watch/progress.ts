import {
  type Cell,
  cellKey,
  emptyHistogram,
  type HistogramText,
  type Judgement,
  type Phase,
  plannedSeconds,
  RUN_STATES,
  type RunEvent,
  type RunState,
  readHistogram,
  type Sample,
  type Soak,
} from '@oversoak/contracts';

type LatencyHistogram = ReturnType<typeof emptyHistogram>;

/** What is known about one fleet agent's part of a run. */
export interface FleetProgress {
  sinceStartSeconds: number;
  echoed: number;
  echoesPerSecond: number;
  live: number;
  errors: number;
}

export interface RunProgress {
  runId: string;
  cell: Cell;
  repeat: number;
  state: RunState;
  phase: Phase | null;
  sinceStartSeconds: number;
  /** Keyed by agent id. */
  fleets: Readonly<Record<string, FleetProgress>>;
  serverErrors: number;
  /** Of the echoes so far, from the intended send time; null before the measurement. */
  latency: LatencyHistogram | null;
  judgement: Judgement | null;
}

/** An immutable view of a watched soak; every event produces the next one. */
export interface SoakProgress {
  soakId: string;
  name: string;
  createdAtMs: number;
  /** What the soak waits for, as reported by the API; null if it reports nothing. */
  waiting: string | null;
  repeats: number;
  plannedSecondsPerRun: number;
  runs: readonly RunProgress[];
}

/** Updates the state from the API and keeps the samples. */
export function withSoak(soak: Soak, before?: SoakProgress): SoakProgress {
  const known = new Map(before?.runs.map((run) => [run.runId, run]));
  return {
    soakId: soak.soakId,
    name: soak.name,
    createdAtMs: soak.createdAtMs,
    waiting: soak.waiting,
    repeats: soak.spec.repeats,
    plannedSecondsPerRun: plannedSeconds(soak.spec.phases),
    runs: soak.runs.map(({ runId, cell, repeat, state, judgement }) =>
      withState({ ...(known.get(runId) ?? unseen), runId, cell, repeat }, state, judgement),
    ),
  };
}

/**
 * Polls and event streams overtake each other, and a stream starts with old events. A state that
 * precedes the known one is ignored.
 */
function withState(run: RunProgress, state: RunState, judgement: Judgement | null): RunProgress {
  if (RUN_STATES.indexOf(state) < RUN_STATES.indexOf(run.state)) return run;
  return { ...run, state, judgement };
}

const unseen = {
  state: 'queued',
  judgement: null,
  phase: null,
  sinceStartSeconds: 0,
  fleets: {},
  serverErrors: 0,
  latency: null,
} as const;

export function withEvent(progress: SoakProgress, event: RunEvent): SoakProgress {
  const runId = event.kind === 'state' ? event.runId : event.sample.runId;
  const runs = progress.runs.map((run) => {
    if (run.runId !== runId) return run;
    if (event.kind === 'sample') return withSample(run, event.sample);
    return withState(run, event.state, event.judgement);
  });
  return { ...progress, runs };
}

function withSample(run: RunProgress, sample: Sample): RunProgress {
  const next: RunProgress = {
    ...run,
    phase: sample.phase,
    sinceStartSeconds: Math.max(run.sinceStartSeconds, sample.sinceStartSeconds),
  };
  const { intervalLatency: interval } = sample;
  if (interval !== undefined && sample.phase === 'measuring') {
    next.latency = withCounts(run.latency, interval.intended);
  }
  if (sample.server !== undefined) next.serverErrors = total(sample.server.errors);
  if (sample.fleet !== undefined) {
    const fleet = withFleetSample(run.fleets[sample.agentId], sample, sample.fleet);
    next.fleets = { ...run.fleets, [sample.agentId]: fleet };
  }
  return next;
}

/** A copy: an event never changes the view before it. */
function withCounts(before: LatencyHistogram | null, interval: HistogramText): LatencyHistogram {
  const next = emptyHistogram();
  if (before !== null) next.add(before);
  next.add(readHistogram(interval));
  return next;
}

function withFleetSample(
  before: FleetProgress | undefined,
  { sinceStartSeconds }: Sample,
  figures: NonNullable<Sample['fleet']>,
): FleetProgress {
  const seconds = sinceStartSeconds - (before?.sinceStartSeconds ?? 0);
  const echoes = figures.ledger.echoed - (before?.echoed ?? 0);
  return {
    sinceStartSeconds,
    echoed: figures.ledger.echoed,
    echoesPerSecond: seconds > 0 ? echoes / seconds : (before?.echoesPerSecond ?? 0),
    live: figures.sessions.live,
    errors: total(figures.errors),
  };
}

function total(counters: Record<string, number>): number {
  return Object.values(counters).reduce((sum, count) => sum + count, 0);
}

export function runErrors(run: RunProgress): number {
  return sumOfFleets(run, 'errors') + run.serverErrors;
}

export function sumOfFleets(run: RunProgress, figure: keyof FleetProgress): number {
  return Object.values(run.fleets).reduce((sum, fleet) => sum + fleet[figure], 0);
}

/** Errors of the whole soak so far. */
export function soakErrors(progress: SoakProgress): number {
  return progress.runs.reduce((sum, run) => sum + runErrors(run), 0);
}

/** Planned seconds of all runs that have elapsed; a finished run counts in full. */
export function elapsedSeconds(progress: SoakProgress): number {
  return progress.runs.reduce(
    (sum, run) =>
      sum +
      (run.state === 'done'
        ? progress.plannedSecondsPerRun
        : Math.min(run.sinceStartSeconds, progress.plannedSecondsPerRun)),
    0,
  );
}

export function totalSeconds(progress: SoakProgress): number {
  return progress.plannedSecondsPerRun * progress.runs.length;
}

export function doneRuns(progress: SoakProgress): number {
  return progress.runs.filter((run) => run.state === 'done').length;
}

/** Cells of which every repeat is done, and all cells. */
export function cellCounts({ runs }: SoakProgress): { done: number; all: number } {
  const open = new Set(
    runs.filter(({ state }) => state !== 'done').map(({ cell }) => cellKey(cell)),
  );
  const all = new Set(runs.map(({ cell }) => cellKey(cell)));
  return { done: all.size - open.size, all: all.size };
}

/** Runs that have a gang, in the order of the soak. */
export function activeRuns(progress: SoakProgress): RunProgress[] {
  return progress.runs.filter((run) => isActive(run.state));
}

/** True when no run has a gang and the soak is not done. */
export function isWaiting(progress: SoakProgress): boolean {
  return activeRuns(progress).length === 0 && doneRuns(progress) < progress.runs.length;
}

/** Whether a run has a gang. A run in `allocating` still waits for agents that other runs hold. */
export function isActive(state: RunState): boolean {
  return state !== 'queued' && state !== 'allocating' && state !== 'done';
}
