import {
  type Cell,
  type Phases,
  type PinnedBaseline,
  type Platform,
  plannedDeliveriesOf,
  plannedSeconds,
  platformOf,
  type Soak,
  type SoakSpec,
} from '@oversoak/contracts';
import prettyMs from 'pretty-ms';

/** Seconds with and without the drain, which ends with the last echo. */
interface Span {
  least: number;
  most: number;
}

export interface Plan {
  runs: number;
  /** Of one run. */
  runSeconds: Span;
  /** Of all runs, one after another. */
  seconds: Span;
}

interface Planned {
  spec: Pick<SoakSpec, 'phases'>;
  against?: PinnedBaseline | null;
  runs: readonly { cell: Pick<Cell, 'side'> }[];
}

function spanOf(phases: Phases): Span {
  const most = plannedSeconds(phases);
  return { least: most - phases.drainSeconds, most };
}

export function planOf({ spec, against, runs }: Planned): Plan {
  const own = spanOf(spec.phases);
  const held = against == null ? own : spanOf(against.spec.phases);
  const spans = runs.map(({ cell }) => (cell.side === undefined ? own : held));
  const sum = (end: keyof Span) => spans.reduce((total, span) => total + span[end], 0);
  const runSeconds = {
    least: Math.min(own.least, ...spans.map(({ least }) => least)),
    most: Math.max(own.most, ...spans.map(({ most }) => most)),
  };
  return { runs: runs.length, runSeconds, seconds: { least: sum('least'), most: sum('most') } };
}

/** `36 runs of 1m 7s to 1m 12s: 40m 12s to 43m 12s` */
export function planText({ runs, runSeconds, seconds }: Plan): string {
  const one = spanText(runSeconds);
  return runs === 1 ? `1 run of ${one}` : `${runs} runs of ${one}: ${spanText(seconds)} in all`;
}

function spanText({ least, most }: Span): string {
  const [from, to] = [durationText(least), durationText(most)];
  return from === to ? from : `${from} to ${to}`;
}

/** Two units at most: `1m 7s`, `8h 2m`. */
export function durationText(seconds: number): string {
  if (seconds === 0) return '0s';
  return prettyMs(seconds * 1_000, { secondsDecimalDigits: 1, unitCount: 2 });
}

export function submittedText(soak: Pick<Soak, 'soakId' | 'spec' | 'against' | 'runs'>): string {
  const submitted = `Submitted ${soak.soakId}: ${planText(planOf(soak))}.`;
  return [submitted, ...deliveryLines(soak.spec)].join('\n');
}

/** What zones make of the rate; empty without them. */
export function deliveryLines(spec: Pick<SoakSpec, 'workload' | 'matrix'>): string[] {
  const planned = plannedDeliveriesOf(spec);
  return planned === null ? [] : [planned.text];
}

/** Pure: the platforms of a soak's servers; none if the server is a target. */
export function serverPlatforms({ matrix }: Pick<SoakSpec, 'matrix'>): Platform[] {
  return [...new Set((matrix.notifier ?? []).map(platformOf))];
}
