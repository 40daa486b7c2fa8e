import {
  type ComparedCell,
  ComparedZones,
  type Comparison,
  type PredictionOutcome,
  printable,
  STAGE_NAMES,
} from '@oversoak/contracts';
import { stringify } from 'csv-stringify/sync';

type Value = string | number | boolean | null;

const NO_LATENCY = Object.fromEntries(
  Object.keys(ComparedZones.properties.latency.properties).map((name) => [name, null]),
);

function prefixed(name: string, fields: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value]),
  );
}

/** Every line has these columns, also without stages. */
function slowestFields(slowest: ComparedCell['slowest']): Record<string, Value> {
  const means = STAGE_NAMES.map((stage) => [stage, slowest?.meanUs[stage] ?? null]);
  return prefixed('slowest', {
    count: slowest?.count ?? null,
    ...prefixed('meanUs', Object.fromEntries(means)),
    dominating: slowest?.dominating ?? null,
  });
}

type ZoneLatency = 'latency' | 'lastMember' | 'tickLatency' | 'tickLateness';

function isLatency(name: keyof ComparedZones): name is ZoneLatency {
  return ['latency', 'lastMember', 'tickLatency', 'tickLateness'].includes(name);
}

/** Every line has these columns, also without zones. */
function zoneFields(zones: ComparedCell['zones']): Record<string, Value> {
  const names = Object.keys(ComparedZones.properties) as (keyof ComparedZones)[];
  const fields = names.map((name): Record<string, Value> => {
    if (isLatency(name)) {
      return prefixed(name, zones === null ? NO_LATENCY : zones[name]);
    }
    return { [name]: zones === null ? null : zones[name] };
  });
  return prefixed('zones', Object.assign({}, ...fields));
}

/** Counts the outcomes of the predictions about a cell. */
function predictionCounts({ predictions }: Comparison, { key }: ComparedCell) {
  const count = (outcome: PredictionOutcome) =>
    predictions.filter((each) => each.key === key && each.outcome === outcome).length;
  return prefixed('predictions', {
    asPredicted: count('as predicted'),
    notAsPredicted: count('not as predicted'),
    noFigure: count('no figure'),
  });
}

/**
 * One cell as one line; the columns have the names of the JSON. Lists (contents, threads,
 * predictions) are in the JSON only.
 */
function row(comparison: Comparison, cell: ComparedCell): Record<string, Value> {
  return {
    soakId: comparison.soakId,
    name: comparison.name,
    key: cell.key,
    notifier: cell.cell.notifier,
    layout: cell.cell.layout,
    sessions: cell.cell.sessions,
    containerLock: cell.cell.containerLock ?? null,
    contentQueue: cell.cell.contentQueue ?? null,
    repeats: cell.runs.length,
    verdict: cell.verdict,
    reasons: cell.reasons.join('; '),
    measuredSeconds: cell.measuredSeconds,
    offeredRate: cell.offeredRate,
    achievedRate: cell.achievedRate,
    echoes: cell.echoes,
    ...prefixed('latencyIntended', cell.latencyIntended),
    ...prefixed('latencyActual', cell.latencyActual),
    ...prefixed('sendLag', cell.sendLag),
    ...prefixed('ledger', cell.ledger),
    ...prefixed('errors', cell.errors),
    serverCpuPerEchoUs: cell.serverCpuPerEchoUs,
    ioThreadsRequested: cell.ioThreadsRequested,
    ioThreadsRan: cell.ioThreadsRan,
    contentThreadsRequested: cell.contentThreadsRequested,
    contentThreadsRan: cell.contentThreadsRan,
    ...prefixed('lockWait', cell.lockWait),
    ...prefixed('queueWait', cell.queueWait),
    ...prefixed('moveLatency', cell.moveLatency),
    queueDepthMax: cell.queueDepthMax,
    queueDepthMean: cell.queueDepthMean,
    hopsPerMessage: cell.hopsPerMessage,
    moves: cell.moves,
    rerouted: cell.rerouted,
    ...slowestFields(cell.slowest),
    ...zoneFields(cell.zones),
    serverWorkingSetBytes: cell.serverWorkingSetBytes,
    completionsPerBatch: cell.completionsPerBatch,
    receivesAtOnceShare: cell.receivesAtOnceShare,
    ...predictionCounts(comparison, cell),
    platform: cell.platform.join('; '),
  };
}

/** A header and one line per cell; null becomes an empty field. */
export function comparisonCsv(comparison: Comparison): string {
  return stringify(
    comparison.cells.map((cell) => row(comparison, cell)),
    {
      header: true,
      // A spreadsheet must not interpret a soak's name as a formula.
      escape_formulas: true,
      cast: { boolean: (value) => String(value), string: printable },
    },
  );
}
