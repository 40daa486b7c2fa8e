import { cellKey } from '@oversoak/contracts';
import {
  activeRuns,
  doneRuns,
  elapsedSeconds,
  type RunProgress,
  runErrors,
  type SoakProgress,
  soakErrors,
  sumOfFleets,
  totalSeconds,
} from '../watch/progress.ts';
import { count } from './figures.ts';

const BAR_CHARACTERS = 24;

/** `iocp.homo.100 #2`: the cell, and which repeat of it where there are several. */
export function runName(run: RunProgress, repeats: number): string {
  return repeats > 1 ? `${cellKey(run.cell)} #${run.repeat}` : cellKey(run.cell);
}

/** The state of a run; ramp-up is told apart from warm-up. */
export function runState(run: RunProgress): string {
  return run.state === 'warming' && run.phase === 'ramping' ? 'ramping up' : run.state;
}

function errorsText(errors: number): string {
  return errors === 1 ? '1 error' : `${count(errors)} errors`;
}

/** What a run does now, on one line. */
export function runLine(run: RunProgress): string {
  return [
    runState(run),
    `${count(run.sinceStartSeconds)} s`,
    `${count(sumOfFleets(run, 'echoesPerSecond'))} echoes/s`,
    `${count(sumOfFleets(run, 'live'))} live sessions`,
    errorsText(runErrors(run)),
  ].join(', ');
}

/** The line of a state change; the reasons are left to the comparison unless the run did not pass. */
export function stateLine(run: RunProgress): string {
  if (run.state !== 'done' || run.judgement === null) return runState(run);
  const { verdict, reasons } = run.judgement;
  return [verdict, ...reasons].join('; ');
}

/** The bar of a soak, cut to the terminal: every run's planned seconds, and the run that goes on. */
export function barLine(progress: SoakProgress, columns: number): string {
  const total = totalSeconds(progress);
  const share = total === 0 ? 1 : elapsedSeconds(progress) / total;
  const filled = Math.round(share * BAR_CHARACTERS);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled);
  const parts = [
    `${progress.name} ${bar} ${Math.floor(share * 100)} %`,
    `${doneRuns(progress)}/${progress.runs.length} runs`,
    ...current(progress),
    errorsText(soakErrors(progress)),
  ];
  return parts.join('  ').slice(0, Math.max(0, columns - 1));
}

function current(progress: SoakProgress): string[] {
  const active = activeRuns(progress);
  const [run] = active;
  if (run === undefined)
    return [doneRuns(progress) === progress.runs.length ? 'done' : 'waiting for agents'];
  const sum = (figure: 'echoesPerSecond' | 'live') =>
    active.reduce((total, each) => total + sumOfFleets(each, figure), 0);
  const more = active.length > 1 ? ` and ${active.length - 1} more` : '';
  return [
    `${runName(run, progress.repeats)}${more} ${runState(run)}`,
    `${count(sum('echoesPerSecond'))} echoes/s`,
    `${count(sum('live'))} live`,
  ];
}
