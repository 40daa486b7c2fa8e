import {
  type Cell,
  cellKey,
  emptyHistogram,
  firstErrorsOf,
  mergeStages,
  type PercentileCurve,
  type ReportedCell,
  type ReportedRun,
  typical,
} from '@oversoak/contracts';
import { type Histogram, measuredLatency, stagesOf } from '../judge/figures.ts';
import { type ComparedRun, completeResults } from './compare.ts';
import { short, timelineOf } from './timeline.ts';

/** Points of a curve for each further nine of the percentile. */
const PER_NINE = 12;

/** Pure: percentiles evenly spaced by the logarithm of 1/(1 − p), up to the slowest echo. */
export function percentileCurve(histogram: Histogram): PercentileCurve {
  const { totalCount } = histogram;
  const curve: PercentileCurve = { oneIn: [], us: [] };
  if (totalCount === 0) return curve;
  const add = (oneIn: number, ns: number) => {
    curve.oneIn.push(short(oneIn));
    curve.us.push(short(ns / 1000));
  };
  for (let step = 0; ; step++) {
    const oneIn = 10 ** (step / PER_NINE);
    if (oneIn >= totalCount) break;
    add(oneIn, histogram.getValueAtPercentile(100 * (1 - 1 / oneIn)));
  }
  add(totalCount, histogram.maxValue);
  return curve;
}

/** What the comparison of a cell leaves out. */
export function reportedCell(cell: Cell, runs: readonly ComparedRun[]): ReportedCell {
  const results = completeResults(runs);
  const latency = emptyHistogram();
  for (const result of results) latency.add(measuredLatency(result, 'intended'));
  const stages = results.flatMap(({ fleets }) => Object.values(fleets).map(stagesOf));
  return {
    key: cellKey(cell),
    latency: percentileCurve(latency),
    typical: typical(mergeStages(stages)),
  };
}

/** `points`: the most of its timeline. */
export function reportedRun({ run, result }: ComparedRun, points: number): ReportedRun {
  return {
    runId: run.runId,
    key: cellKey(run.cell),
    repeat: run.repeat,
    evidence: result?.evidence ?? null,
    notes: result?.notes ?? [],
    firstErrors: firstErrorsOf(result).map(({ error }) => error),
    timeline: result === null ? null : timelineOf(result, points),
  };
}
