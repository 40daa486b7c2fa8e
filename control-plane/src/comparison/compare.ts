import {
  type Cell,
  type ComparedCell,
  type Comparison,
  cellKey,
  ERROR_CLASSES,
  type ErrorClass,
  emptyHistogram,
  ledgerBalances,
  mergeStages,
  type Run,
  type RunResult,
  SLOWEST_SHARE,
  slowest,
  summarise,
} from '@oversoak/contracts';
import {
  absentees,
  errorsOf,
  type LatencyFrom,
  measuredLatency,
  measuredOf,
  stagesOf,
} from '../judge/figures.ts';
import { sentInTime } from '../judge/load.ts';
import { distinct, ratio, sum } from '../judge/pooled.ts';
import { worst } from '../judge/verdict.ts';
import { cellReasons } from './cell-reasons.ts';
import { comparedServer } from './compare-server.ts';
import { comparedZones } from './compare-zones.ts';
import { platformsOf } from './platforms.ts';

/** A run and, once it is done, its result. */
export interface ComparedRun {
  run: Run;
  result: RunResult | null;
}

function ledgerOf(results: readonly RunResult[]): ComparedCell['ledger'] {
  const ledgers = results.flatMap(({ fleets }) =>
    Object.values(fleets).map(({ figures }) => figures.final.ledger),
  );
  return {
    sent: sum(ledgers.map(({ sent }) => sent)),
    echoed: sum(ledgers.map(({ echoed }) => echoed)),
    inFlight: sum(ledgers.map(({ inFlight }) => inFlight)),
    lostOnClose: sum(ledgers.map(({ lostOnClose }) => lostOnClose)),
    balanced: ledgers.every(ledgerBalances),
  };
}

function latency(results: readonly RunResult[], from: LatencyFrom) {
  const merged = emptyHistogram();
  for (const result of results) merged.add(measuredLatency(result, from));
  return summarise(merged);
}

/** Stages of the slowest echoes; none for protocols without time stamps. */
function slowestOf(results: readonly RunResult[]) {
  const tables = results.flatMap(({ fleets }) => Object.values(fleets).map(stagesOf));
  return slowest(mergeStages(tables), SLOWEST_SHARE);
}

/** The results that a cell's figures are computed from. */
export function completeResults(runs: readonly ComparedRun[]): RunResult[] {
  const all = runs.flatMap(({ result }) => (result === null ? [] : [result]));
  // A run that ended early lacks results of some members; a run without a gang has none.
  return all.filter((result) => absentees(result).length === 0);
}

/** All repeats of one cell: histograms merged by counts, counters summed, rates pooled. */
export function compareCell(cell: Cell, runs: readonly ComparedRun[]): ComparedCell {
  const all = runs.flatMap(({ result }) => (result === null ? [] : [result]));
  const results = completeResults(runs);
  const servers = results.flatMap(({ server }) => (server === null ? [] : [server]));
  const judgements = runs.flatMap(({ run }) => (run.judgement ? [run.judgement] : []));
  const verdicts = judgements.map(({ verdict }) => verdict);
  const measured = results.map(measuredOf);
  const seconds = sum(measured.map((of) => of.seconds));
  const echoes = sum(measured.map(({ echoed }) => echoed));
  const errors = results.map(errorsOf);
  const total = (name: ErrorClass) => sum(errors.map((counts) => counts[name]));
  return {
    key: cellKey(cell),
    cell,
    verdict: verdicts.length === runs.length ? worst(verdicts) : null,
    reasons: cellReasons(runs.map(({ run }) => run)),
    loadSound:
      judgements.length === runs.length ? judgements.every(({ loadSound }) => loadSound) : null,
    runs: runs.map(({ run }) => ({
      runId: run.runId,
      repeat: run.repeat,
      verdict: run.judgement?.verdict ?? null,
    })),
    measuredSeconds: seconds,
    offeredRate: ratio(sum(measured.map(({ due }) => due)), seconds),
    achievedRate: ratio(sum(measured.map(sentInTime)), seconds),
    echoes,
    latencyIntended: latency(results, 'intended'),
    latencyActual: latency(results, 'actual'),
    sendLag: latency(results, 'sendLag'),
    ledger: ledgerOf(results),
    errors: Object.fromEntries(
      (Object.keys(ERROR_CLASSES) as ErrorClass[]).map((name) => [name, total(name)]),
    ),
    ...comparedServer(servers),
    zones: comparedZones(results),
    slowest: slowestOf(results),
    platform: distinct(all.flatMap(platformsOf)).sort(),
  };
}

export function compareSoak(
  soak: { soakId: string; name: string },
  cells: readonly ComparedCell[],
  more: Partial<Pick<Comparison, 'predictions' | 'rankings' | 'against' | 'notes'>> = {},
): Comparison {
  const complete = cells.every(({ verdict }) => verdict !== null);
  const verdicts = cells.flatMap(({ verdict }) => (verdict === null ? [] : [verdict]));
  return {
    soakId: soak.soakId,
    name: soak.name,
    complete,
    verdict: complete ? worst(verdicts) : null,
    platform: distinct(cells.flatMap(({ platform }) => platform)).sort(),
    cells: [...cells],
    predictions: [],
    rankings: [],
    against: null,
    notes: [],
    ...more,
  };
}
