import {
  type CellDifference,
  type MetricDifference,
  metricTitle,
  WORSE,
} from '@oversoak/contracts';
import { Option } from 'commander';
import { EXIT, type ExitCode } from '../shell/exit-code.ts';
import { CannotRun } from '../shell/failure.ts';

export interface FailOnOptions {
  failOn?: 'regression';
}

export function failOnOption(): Option {
  return new Option(
    '--fail-on <finding>',
    'exit with 1 if a metric is worse than that of the baseline or reference, with 2 if that is unknown',
  ).choices(['regression']);
}

export function isWorse({ metric, difference }: MetricDifference): boolean {
  return difference === WORSE[metric];
}

/** A cell of which nothing can be said: too few repeats, or no figures. */
export function isUnknown({ metrics }: CellDifference): boolean {
  return metrics.every(({ difference }) => difference === 'unknown');
}

/** `iocp.homo.100: p99, CPU per echo`: what became worse, cell by cell. */
export function regressionLines(cells: readonly CellDifference[]): string[] {
  return cells.flatMap(({ right, metrics }) => {
    const worse = metrics.filter(isWorse).map(({ metric }) => metricTitle(metric));
    return worse.length === 0 ? [] : [`${right}: ${worse.join(', ')}`];
  });
}

/** What the differences alone mean for the exit code. Nothing compared is nothing known. */
export function regressionCode(cells: readonly CellDifference[]): ExitCode {
  if (cells.some(({ metrics }) => metrics.some(isWorse))) return EXIT.failed;
  return cells.length === 0 || cells.some(isUnknown) ? EXIT.noVerdict : EXIT.passed;
}

/** @throws CannotRun if no regression could be detected */
export function requireBaseline(against: unknown): void {
  if (against !== undefined && against !== null) return;
  throw new CannotRun(
    '--fail-on regression needs a baseline: the spec has no "against", for example ' +
      '"against: { baseline: main }"',
  );
}
