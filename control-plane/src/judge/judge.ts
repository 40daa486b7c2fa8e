import {
  type Evidence,
  impliedThresholds,
  isDriftThreshold,
  isErrorThreshold,
  type Judgement,
  type Ledger,
  type Load,
  ledgerBalances,
  loadBalances,
  parseThreshold,
  type RunResult,
  type Threshold,
  type ThresholdSpec,
  thresholdText,
  unsentOf,
} from '@oversoak/contracts';
import type { Ending } from '../model/run-record.ts';
import { type Checked, check, reasonOf } from './checks.ts';
import { driftsOf } from './drift.ts';
import { errorBoundOf } from './error-bound.ts';
import {
  absentees,
  errorsOf,
  type Histogram,
  type Measured,
  measuredLatency,
  measuredOf,
} from './figures.ts';
import { keptByTheSpec, MIN_MESSAGES } from './load.ts';
import type { Whole } from './metric.ts';
import { sum } from './pooled.ts';
import { saturation } from './saturation.ts';
import { boundText, countText, durationText } from './text.ts';

/** A verdict with its evidence; null: there was nothing to judge. */
export interface Judged {
  judgement: Judgement;
  evidence: Evidence | null;
}

/** Parses the thresholds of a stored spec, which were validated at submission. */
export function thresholdsOf(given: readonly ThresholdSpec[]): Threshold[] {
  return given.map((spec) => {
    const parsed = parseThreshold(spec);
    if ('error' in parsed) {
      throw new Error(`stored threshold "${thresholdText(spec)}": ${parsed.error}`);
    }
    return parsed.threshold;
  });
}

function ledgerWrong(agentId: string, ledger: Ledger): string[] {
  if (ledgerBalances(ledger)) return [];
  const { sent, echoed, inFlight, lostOnClose } = ledger;
  const parts = `${echoed} echoed + ${inFlight} in flight + ${lostOnClose} lost on close`;
  return [`ledger of ${agentId} does not balance: ${sent} sent, but ${parts}`];
}

function loadWrong(agentId: string, load: Load): string[] {
  if (loadBalances(load)) return [];
  const { due, sent, echoed, unanswered, reset } = load;
  const parts = `${sent} sent + ${unsentOf(load)} never sent`;
  const ends = `${echoed} echoed + ${unanswered} unanswered + ${reset} reset`;
  return [`load of ${agentId} does not balance: ${due} due, but ${parts}; of those sent ${ends}`];
}

/** Accounts that do not balance: no figure of such a run is reliable. */
function accountsWrong({ server, fleets, spec }: RunResult): string[] {
  const unbalanced = Object.entries(fleets).flatMap(([agentId, { figures }]) => [
    ...ledgerWrong(agentId, figures.final.ledger),
    ...loadWrong(agentId, figures.final.measured.load),
  ]);
  // A target reports no accounts.
  if (server === null) return unbalanced;
  const { accepted } = server.figures.final.sessions;
  const connects = Object.values(fleets)
    .map(({ figures }) => figures.final.sessions.connects)
    .reduce((total, count) => total + count, 0);
  const foreign = spec.server.foreignClients && accepted > connects;
  if (accepted === connects || foreign) return unbalanced;
  return [...unbalanced, `server accepted ${accepted} connections, fleets made ${connects}`];
}

/** The members missing from a result that ended as planned; null if complete. */
function missing(result: RunResult): string | null {
  if (result.run.gang.length === 0) return 'no agents took part';
  const absent = absentees(result);
  if (absent.length === 0) return null;
  return `no result from ${absent.map(({ agentId, role }) => `${agentId} (${role})`).join(', ')}`;
}

/**
 * The verdict of a run and its evidence. `ending`: how the run ended early, which decides the
 * verdict. Otherwise unbalanced accounts, errors and leaks take precedence over an unsound test: a
 * server that failed under too little load has still failed.
 */
export function judge(
  result: RunResult,
  given: readonly Threshold[],
  ending: Ending | null,
): Judged {
  if (ending !== null) {
    const { verdict, reason, missed } = ending;
    const evidence =
      missed === undefined ? null : { checks: [missed], errorBound: null, drift: [] };
    return { judgement: { verdict, reasons: [reason], loadSound: false }, evidence };
  }
  const absent = missing(result);
  if (absent !== null) {
    const judgement: Judgement = {
      verdict: 'inconclusive',
      reasons: [absent],
      loadSound: false,
    };
    return { judgement, evidence: null };
  }
  const whole: Whole = {
    result,
    measured: measuredOf(result),
    intended: measuredLatency(result, 'intended'),
    actual: measuredLatency(result, 'actual'),
    disturbed: {
      least: measuredLatency(result, 'disturbedLeast'),
      most: measuredLatency(result, 'disturbed'),
    },
    sendLag: measuredLatency(result, 'sendLag'),
    errors: errorsOf(result),
    drifts: driftsOf(result),
  };
  const checked = check(
    result,
    [...given, ...impliedThresholds(given, result.spec.workload)],
    whole,
  );
  const errors = Object.values(whole.errors).reduce((total, count) => total + count, 0);
  const evidence: Evidence = {
    checks: checked.map((each) => each.check),
    errorBound: errorBoundOf(errors, whole.measured.echoed),
    drift: [...whole.drifts],
  };
  return { judgement: judgementOf(result, whole, checked, evidence), evidence };
}

const NOTHING_MEASURED = 'nothing was measured: no echo came back';

/** Judges by the thresholds of the result's own spec. */
export function judgeStored(result: RunResult, ending: Ending | null): Judged {
  return judge(result, thresholdsOf(result.spec.thresholds), ending);
}

/** Sessions that were not connected at the end of the measurement, if messages lacked one. */
function unconnected({ fleets }: RunResult, { unsent }: Measured): string[] {
  if (unsent.connecting + unsent.lost === 0) return [];
  const ends = Object.values(fleets).map(({ figures }) => figures.measureEnd.sessions);
  const live = ends.reduce((sum, sessions) => sum + sessions.live, 0);
  const requested = ends.reduce((sum, sessions) => sum + sessions.requested, 0);
  if (live >= requested) return [];
  return [
    `${countText(live)} of ${countText(requested)} sessions were connected at the end of the measurement`,
  ];
}

/** Whether no lateness of a fleet can be the reason: a server that leaks under less load leaks. */
function isOfServerAlone(threshold: Threshold): boolean {
  return isDriftThreshold(threshold) && threshold.metric !== 'drift.p99';
}

/** With each of them a session can end that waits for echoes. */
const ENDS_SESSIONS = [
  'notReceivedInTime',
  'disconnectedByServer',
  'corrupt',
  'connectTimedOut',
  'errorAnswer',
] as const;

/**
 * Messages without an echo for which no error says why: a fleet that sleeps through the end finds
 * connections ended that its server had no reason to keep. Slow readers leave out echoes on purpose,
 * each as many as it has room for.
 */
function unexplained({ spec, fleets }: RunResult, { measured, errors }: Whole): string | null {
  const slow = sum(Object.values(fleets).map(({ figures }) => figures.final.sessions.slowReaders));
  const absent = measured.unanswered - slow * spec.workload.overSend;
  if (absent <= 0 || ENDS_SESSIONS.some((name) => errors[name] > 0)) return null;
  return (
    `${countText(absent)} messages have no echo, and whether the server left them out is not ` +
    'known: their connections ended while the fleet slept through the end of the run'
  );
}

/** The longest echo of a closed loop in multiples of its p99, from which on it is mentioned. */
const HIDDEN_STALL = 10;

/** A server that stalls gets no messages from a closed loop, so its percentiles hide the stall. */
function hiddenStall({ spec }: RunResult, intended: Histogram): string[] {
  if (spec.workload.pacing !== 'closed') return [];
  const [p99, longest] = [intended.getValueAtPercentile(99), intended.maxValue];
  if (longest < HIDDEN_STALL * p99) return [];
  const took = `the longest echo took ${durationText(longest / 1000)}, p99 is ${durationText(p99 / 1000)}`;
  return [`closed loop, whose percentiles hide a stall: ${took}`];
}

/** More messages in flight at the end than at the start, as a share of those due, are mentioned. */
const FELL_BEHIND_SHARE = 0.05;

/** A server that is too slow can be sent its load for as long as the sessions have room for it. */
function fellBehind({ spec, fleets }: RunResult, { due }: Measured): string[] {
  if (spec.workload.pacing === 'closed' || spec.workload.slowReaders !== undefined) return [];
  const inFlight = (at: 'measureStart' | 'measureEnd') =>
    sum(Object.values(fleets).map(({ figures }) => figures[at].ledger.inFlight));
  const [start, end] = [inFlight('measureStart'), inFlight('measureEnd')];
  if (end - start <= FELL_BEHIND_SHARE * due || end <= 2 * start) return [];
  return [
    `the server fell behind: ${countText(end)} messages were in flight at the end of the ` +
      `measurement, ${countText(start)} at its start; the rate was sent all the same, for the ` +
      'sessions had room for them (overSend)',
  ];
}

function judgementOf(
  result: RunResult,
  whole: Whole,
  checked: readonly Checked[],
  { errorBound }: Evidence,
): Judgement {
  const { measured, intended } = whole;
  const wrong = accountsWrong(result);
  if (wrong.length > 0) return { verdict: 'failed', reasons: wrong, loadSound: false };

  const saturated = saturation(result, measured);
  const nothing = measured.seconds <= 0 || errorBound === null;
  const loadSound = saturated === null && !nothing;
  const missed = checked.filter((each) => each.check.outcome === 'missed');
  const wrongs = missed.filter(
    ({ threshold }) =>
      isErrorThreshold(threshold) || (saturated !== null && isOfServerAlone(threshold)),
  );
  if (wrongs.length > 0) {
    const echoes = `; ${countText(measured.echoed)} echoes measured`;
    const errors = wrongs.map(
      (each) => `${reasonOf(each)}${isErrorThreshold(each.threshold) ? echoes : ''}`,
    );
    const others = missed.filter((each) => !wrongs.includes(each)).map(reasonOf);
    const load = nothing ? [] : [...others, ...unconnected(result, measured)];
    const more = saturated !== null ? [saturated] : load;
    return { verdict: 'failed', reasons: [...errors, ...more], loadSound };
  }

  if (saturated !== null) return { verdict: 'inconclusive', reasons: [saturated], loadSound };
  if (nothing) return { verdict: 'inconclusive', reasons: [NOTHING_MEASURED], loadSound };
  if (missed.length > 0) {
    const reasons = [...missed.map(reasonOf), ...unconnected(result, measured)];
    return { verdict: 'failed', reasons, loadSound };
  }
  const open = checked.filter((each) => each.check.outcome === 'unknown').map(reasonOf);
  const absent = unexplained(result, whole);
  if (absent !== null) open.unshift(absent);
  if (open.length > 0) return { verdict: 'inconclusive', reasons: open, loadSound };
  if (measured.due < MIN_MESSAGES) {
    const few = `too little was measured: a verdict needs ${MIN_MESSAGES} messages due, there were ${countText(measured.due)}`;
    return { verdict: 'inconclusive', reasons: [few], loadSound };
  }
  const remark = errorBound.errors === 0 ? '' : ', as many as the thresholds allow';
  const reasons = [
    boundText(errorBound, remark),
    ...hiddenStall(result, intended),
    ...fellBehind(result, measured),
    ...keptByTheSpec(measured),
  ];
  return { verdict: 'passed', reasons, loadSound };
}
