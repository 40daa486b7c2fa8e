import { createHash } from 'node:crypto';
import {
  type Cell,
  type ComparedCell,
  DIFFERENCE_METRICS,
  type DifferenceMetric,
  type SoakSpec,
} from '@oversoak/contracts';
import { worst } from '../judge/verdict.ts';
import type { NightCell } from '../store/nights.ts';
import { type ComparedRun, compareCell } from './compare.ts';
import { measured } from './difference-notes.ts';

const FIGURES: Record<DifferenceMetric, (cell: ComparedCell) => number | null> = {
  'echo.latency.p50': (cell) => cell.latencyIntended.p50Us,
  'echo.latency.p99': (cell) => cell.latencyIntended.p99Us,
  'echo.latency.slowest': (cell) => cell.latencyIntended.slowestUs,
  'delivery.latency.p99': (cell) => cell.zones?.latency.p99Us ?? null,
  'sent.rate': (cell) => cell.achievedRate,
  'server.cpuPerEcho': (cell) => cell.serverCpuPerEchoUs,
  'server.cpuPerDelivery': (cell) => cell.zones?.cpuPerDeliveryUs ?? null,
  'server.workingSet': (cell) => cell.serverWorkingSetBytes,
};
const METRICS = Object.keys(DIFFERENCE_METRICS) as DifferenceMetric[];

/** Pure: a night's figures of one cell, whose runs are done. */
export function nightCell(cell: Cell, runs: readonly ComparedRun[]): NightCell {
  const sound = runs.filter(({ run }) => run.judgement?.loadSound);
  const verdicts = runs.flatMap(({ run }) => (run.judgement ? [run.judgement.verdict] : []));
  const compared = compareCell(cell, sound);
  const figures: NightCell['figures'] = {};
  for (const metric of sound.length === 0 ? [] : METRICS) {
    const value = FIGURES[metric](compared);
    if (value !== null) figures[metric] = value;
  }
  const verdict = verdicts.length === 0 ? null : worst(verdicts);
  return { key: compared.key, verdict, platform: compared.platform, figures };
}

/** Equal for specs that measure the same, regardless of the order of their fields. */
export function fingerprint(spec: SoakSpec): string {
  const sorted = (_: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256')
    .update(JSON.stringify(measured(spec), sorted))
    .digest('hex');
}
