import type { ReportedCell } from '@oversoak/contracts';
import { decimal } from '@oversoak/contracts/results/figure-text';
import { logScale } from './scale.ts';

export interface PercentileLine {
  key: string;
  /** 0 to 1 from the left and from the bottom. */
  points: { x: number; y: number }[];
}

export interface Tick {
  at: number;
  text: string;
}

export interface PercentilePlot {
  lines: PercentileLine[];
  percentiles: Tick[];
  latencies: Tick[];
}

/** `50 %`, `99.9 %`, `99.999 %`: without the noise of a double. */
export function percentileText(oneIn: number): string {
  return `${Number((100 * (1 - 1 / oneIn)).toPrecision(12))} %`;
}

/** `250 µs`, `1.20 ms`, `3.00 s`. */
export function latencyText(us: number): string {
  if (us < 1000) return `${Number(us.toPrecision(3))} µs`;
  return us < 1e6 ? `${decimal(us / 1e3)} ms` : `${decimal(us / 1e6)} s`;
}

/** Pure: latency by log of 1/(1 − p), a line for each cell that counted an echo. */
export function percentilePlot(cells: readonly ReportedCell[]): PercentilePlot {
  const counted = cells.filter(({ latency }) => latency.us.length > 0);
  const most = Math.max(10, ...counted.map(({ latency }) => latency.oneIn.at(-1) ?? 1));
  const nines = Math.log10(most);
  const y = logScale(counted.flatMap(({ latency }) => latency.us));
  const x = (oneIn: number) => Math.log10(oneIn) / nines;
  return {
    lines: counted.map(({ key, latency }) => ({
      key,
      points: latency.oneIn.map((oneIn, index) => ({
        x: x(oneIn),
        y: y.at(latency.us[index] ?? 0),
      })),
    })),
    percentiles: [
      1,
      2,
      ...Array.from({ length: Math.floor(nines) }, (_, nine) => 10 ** (nine + 1)),
    ].map((oneIn) => ({ at: x(oneIn), text: percentileText(oneIn) })),
    latencies: y.ticks.map((us) => ({ at: y.at(us), text: latencyText(us) })),
  };
}

/** More lines are not distinguishable by colour; the others are drawn grey. */
export const MAX_COLOURED = 8;

/** Pure: the cells that get a colour first: the lowest p99, and those without a figure last. */
export function colouredKeys(
  cells: readonly { key: string; latencyIntended: { p99Us: number | null } }[],
): string[] {
  const p99 = (cell: (typeof cells)[number]) =>
    cell.latencyIntended.p99Us ?? Number.POSITIVE_INFINITY;
  return cells
    .toSorted((a, b) => p99(a) - p99(b))
    .slice(0, MAX_COLOURED)
    .map(({ key }) => key);
}
