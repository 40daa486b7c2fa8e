import { cellKey, count, milliseconds } from '@oversoak/contracts';
import prettyMs from 'pretty-ms';
import { durationText } from '../spec/plan.ts';
import {
  activeRuns,
  cellCounts,
  doneRuns,
  elapsedSeconds,
  isWaiting,
  type RunProgress,
  runErrors,
  type SoakProgress,
  soakErrors,
  sumOfFleets,
  totalSeconds,
} from '../watch/progress.ts';

const BAR_CHARACTERS = 24;
const SECOND_MS = 1_000;

/** `iocp.homo.100 #2`: the cell, and the number of the repeat if there are several. */
export function runName(run: RunProgress, repeats: number): string {
  return repeats > 1 ? `${cellKey(run.cell)} #${run.repeat}` : cellKey(run.cell);
}

/** The state of a run; distinguishes ramp-up from warm-up. */
export function runState(run: RunProgress): string {
  return run.state === 'warming' && run.phase === 'ramping' ? 'ramping up' : run.state;
}

function errorsText(errors: number): string {
  return errors === 1 ? '1 error' : `${count(errors)} errors`;
}

/** The current activity of a run on one line. */
export function runLine(run: RunProgress): string {
  return [
    runState(run),
    `${count(run.sinceStartSeconds)} s`,
    `${count(sumOfFleets(run, 'echoesPerSecond'))} echoes/s`,
    `${count(sumOfFleets(run, 'live'))} live sessions`,
    ...latencyText(run),
    errorsText(runErrors(run)),
  ].join(', ');
}

/**
 * The line of a state change. Reasons are shown only if the run did not pass; the comparison has
 * the rest.
 */
export function stateLine(run: RunProgress): string {
  if (run.state !== 'done' || run.judgement === null) return runState(run);
  const { verdict, reasons } = run.judgement;
  return [verdict, ...reasons].join('; ');
}

/** `queued for 2m 5s: both agents are busy`; between two runs of a soak only the reason. */
export function waitingText(progress: SoakProgress, nowMs: number): string {
  const waiting = progress.waiting ?? 'waiting for agents';
  if (doneRuns(progress) > 0) return waiting;
  // The clocks of this machine and of Redis may differ.
  const sinceMs = Math.max(SECOND_MS, nowMs - progress.createdAtMs);
  const since = prettyMs(sinceMs, { secondsDecimalDigits: 0, unitCount: 2 });
  return `queued for ${since}: ${waiting}`;
}

/** The bar of a soak: every run's planned seconds, and the current run. */
export function barLine(progress: SoakProgress, nowMs: number): string {
  const total = totalSeconds(progress);
  const share = total === 0 ? 1 : elapsedSeconds(progress) / total;
  const filled = Math.round(share * BAR_CHARACTERS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled);
  return [
    `${progress.name} ${bar} ${Math.floor(share * 100)} %`,
    timeText(progress),
    doneText(progress),
    ...current(progress, nowMs),
    errorsText(soakErrors(progress)),
  ].join('  ');
}

/** `2/12 cells, 5/24 runs`; one figure where each cell runs once. */
function doneText(progress: SoakProgress): string {
  const cells = cellCounts(progress);
  const { length } = progress.runs;
  const runs = `${doneRuns(progress)}/${length} runs`;
  return cells.all === length
    ? `${cells.done}/${length} cells`
    : `${cells.done}/${cells.all} cells, ${runs}`;
}

/** Of the runs, without what the soak waits for. */
function timeText(progress: SoakProgress): string {
  const elapsed = elapsedSeconds(progress);
  const left = totalSeconds(progress) - elapsed;
  return `${durationText(Math.round(elapsed))}, ${durationText(Math.ceil(left))} left`;
}

/** `p50 0.60, p99 11.9 ms`; nothing before the measurement. */
function latencyText({ latency }: RunProgress): string[] {
  if (latency === null || latency.totalCount === 0) return [];
  const at = (percent: number) => milliseconds(latency.getValueAtPercentile(percent) / 1_000);
  return [`p50 ${at(50)}, p99 ${at(99)} ms`];
}

function current(progress: SoakProgress, nowMs: number): string[] {
  const active = activeRuns(progress);
  const [run] = active;
  if (run === undefined) return [isWaiting(progress) ? waitingText(progress, nowMs) : 'done'];
  const sum = (figure: 'echoesPerSecond' | 'live') =>
    active.reduce((total, each) => total + sumOfFleets(each, figure), 0);
  const more = active.length > 1 ? ` and ${active.length - 1} more` : '';
  return [
    `${runName(run, progress.repeats)}${more} ${runState(run)}`,
    `${count(sum('echoesPerSecond'))} echoes/s`,
    `${count(sum('live'))} live`,
    ...latencyText(run),
  ];
}
