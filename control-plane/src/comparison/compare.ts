import {
  type Cell,
  type ComparedCell,
  type Comparison,
  cellKey,
  ERROR_CLASSES,
  type ErrorClass,
  emptyHistogram,
  ledgerBalances,
  platformLabel,
  type Run,
  type RunResult,
  type ServerFigures,
  summarise,
} from '@oversoak/contracts';
import {
  absentees,
  errorsOf,
  type LatencyFrom,
  measuredLatency,
  measuredOf,
} from '../judge/figures.ts';
import { worst } from '../judge/verdict.ts';

/** A run and, once it is done, what it left. */
export interface ComparedRun {
  run: Run;
  result: RunResult | null;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const largest = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};
const ratio = (part: number, whole: number) => (whole === 0 ? null : part / whole);
const distinct = (texts: readonly string[]) => [...new Set(texts)];

function platforms(results: readonly RunResult[]): string[] {
  return distinct(
    results.flatMap(({ environments }) => Object.values(environments).map(platformLabel)),
  ).sort();
}

function serverFigures(results: readonly RunResult[], echoes: number) {
  const servers = results.flatMap(({ server }) => (server === null ? [] : [server.figures]));
  const during = (count: (figures: ServerFigures) => number) =>
    sum(servers.map(({ measureStart, measureEnd }) => count(measureEnd) - count(measureStart)));
  const cpuSeconds = during(({ threads }) =>
    sum(threads.map(({ userSeconds, kernelSeconds }) => userSeconds + kernelSeconds)),
  );
  const atOnce = during(({ receives }) => receives.atOnce);
  const pending = during(({ receives }) => receives.pending);
  return {
    serverCpuSecondsPer1000Echoes: servers.length === 0 ? null : ratio(cpuSeconds * 1000, echoes),
    ioThreadsAsked: largest(servers.map(({ measureEnd }) => measureEnd.ioThreadsAsked)),
    ioThreadsRan: largest(servers.map(({ measureEnd }) => measureEnd.ioThreadsRan)),
    serverWorkingSetBytes: largest(
      servers.map(({ measureEnd }) => measureEnd.process.workingSetBytes),
    ),
    completionsPerBatch: ratio(
      during(({ completions }) => completions.total),
      during(({ completions }) => completions.batches),
    ),
    receivesAtOnceShare: ratio(atOnce, atOnce + pending),
  };
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

/** All repeats of one cell: histograms merged by counts, counters summed, rates pooled. */
export function compareCell(cell: Cell, runs: readonly ComparedRun[]): ComparedCell {
  const all = runs.flatMap(({ result }) => (result === null ? [] : [result]));
  // A run that ended early lacks the figures of some or all of its gang.
  const results = all.filter((result) => absentees(result).length === 0 && result.server !== null);
  const verdicts = runs.flatMap(({ run }) => (run.judgement ? [run.judgement.verdict] : []));
  const measured = results.map(measuredOf);
  const seconds = sum(measured.map((of) => of.seconds));
  const echoes = sum(measured.map(({ echoed }) => echoed));
  const errors = results.map(errorsOf);
  const total = (name: ErrorClass) => sum(errors.map((counts) => counts[name]));
  return {
    key: cellKey(cell),
    cell,
    verdict: verdicts.length === runs.length ? worst(verdicts) : null,
    reasons: distinct(runs.flatMap(({ run }) => run.judgement?.reasons ?? [])),
    runs: runs.map(({ run }) => ({
      runId: run.runId,
      repeat: run.repeat,
      verdict: run.judgement?.verdict ?? null,
    })),
    measuredSeconds: seconds,
    offeredRate: ratio(sum(measured.map(({ offered }) => offered)), seconds),
    achievedRate: ratio(sum(measured.map(({ sent }) => sent)), seconds),
    echoes,
    latencyIntended: latency(results, 'intended'),
    latencyActual: latency(results, 'actual'),
    ledger: ledgerOf(results),
    errors: Object.fromEntries(
      (Object.keys(ERROR_CLASSES) as ErrorClass[]).map((name) => [name, total(name)]),
    ),
    ...serverFigures(results, echoes),
    platform: platforms(all),
  };
}

export function compareSoak(
  soak: { soakId: string; name: string },
  cells: readonly ComparedCell[],
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
  };
}
