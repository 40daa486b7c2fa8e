import {
  holds,
  impliedThresholds,
  type Judgement,
  ledgerBalances,
  parseThreshold,
  type RunResult,
  type Threshold,
  type ThresholdSpec,
  thresholdText,
} from '@oversoak/contracts';
import type { Ending } from '../run/record.ts';
import { absentees, errorsOf, type Measured, measuredLatency, measuredOf } from './figures.ts';
import { achievedPercent, metric, percentText } from './metrics.ts';

/** Below this share of the offered rate the generator did not do what it was told. */
export const SOUND_PERCENT = 99;

const ACHIEVED = 'achieved.rate';
const isErrorMetric = ({ metric: name }: Threshold) => name.startsWith('errors.');

/** The thresholds of a stored spec; they were read once before, when the soak was submitted. */
export function thresholdsOf(given: readonly ThresholdSpec[]): Threshold[] {
  return given.map((spec) => {
    const text = thresholdText(spec);
    const parsed = parseThreshold(text);
    if ('error' in parsed) throw new Error(`stored threshold "${text}": ${parsed.error}`);
    return parsed.threshold;
  });
}

/** Faults in the accounts: no figure of such a run can be believed. */
function accountsWrong({ server, fleets, spec }: RunResult): string[] {
  const unbalanced = Object.entries(fleets).flatMap(([agentId, { figures }]) => {
    const { ledger } = figures.final;
    if (ledgerBalances(ledger)) return [];
    const { sent, echoed, inFlight, lostOnClose } = ledger;
    const parts = `${echoed} echoed + ${inFlight} in flight + ${lostOnClose} lost on close`;
    return [`ledger of ${agentId} does not balance: ${sent} sent, but ${parts}`];
  });
  // A target's accounts are its own.
  if (server === null) return unbalanced;
  const { accepted } = server.figures.final.sessions;
  const connects = Object.values(fleets)
    .map(({ figures }) => figures.final.sessions.connects)
    .reduce((total, count) => total + count, 0);
  const foreign = spec.server.foreignClients && accepted > connects;
  if (accepted === connects || foreign) return unbalanced;
  return [...unbalanced, `server accepted ${accepted} connections, fleets made ${connects}`];
}

function saturation(measured: Measured): string {
  const { sent, offered, late, heldByWindow } = measured;
  const share = percentText(achievedPercent(measured));
  const figures = `sent ${sent} of ${offered} offered (${share}, needs ${SOUND_PERCENT} %)`;
  if (late === 0 && heldByWindow === 0) return `generator saturated: ${figures}`;
  const cause =
    heldByWindow >= late
      ? `${heldByWindow} messages were held by the over-send window: echoes came back too slowly`
      : `${late} messages were sent late: the fleet itself was too slow`;
  return `generator saturated: ${figures}; ${cause}`;
}

/** Who is missing from a result that ended as planned; null when nobody is. */
function missing(result: RunResult): string | null {
  if (result.run.gang.length === 0) return 'no agents took part';
  const absent = absentees(result);
  if (absent.length === 0) return null;
  return `no result from ${absent.map(({ agentId, role }) => `${agentId} (${role})`).join(', ')}`;
}

/**
 * The verdict of a run. `ending` is how the run ended if not as planned: it settles the verdict.
 * Otherwise broken accounts and errors come before the question whether the test itself was
 * sound, since what a server did wrong under too little load it did wrong all the same.
 */
export function judge(
  result: RunResult,
  given: readonly Threshold[],
  ending: Ending | null,
): Judgement {
  if (ending !== null) return { verdict: ending.verdict, reasons: [ending.reason] };
  const absent = missing(result);
  if (absent !== null) return { verdict: 'inconclusive', reasons: [absent] };

  const wrong = accountsWrong(result);
  if (wrong.length > 0) return { verdict: 'failed', reasons: wrong };

  const measured = measuredOf(result);
  const intended = measuredLatency(result, 'intended');
  const errors = errorsOf(result);
  const missed = (thresholds: readonly Threshold[]) =>
    thresholds.flatMap((threshold) => {
      const actual = metric(threshold.metric, measured, intended, errors);
      return holds(threshold, actual.value) ? [] : [{ threshold, actual }];
    });

  const wrongs = missed([...given, ...impliedThresholds(given)].filter(isErrorMetric));
  if (wrongs.length > 0) {
    const reasons = wrongs.map(
      ({ threshold, actual }) =>
        `${threshold.metric} is ${actual.text}, wanted ${threshold.text}; ` +
        `${measured.echoed} echoes measured`,
    );
    return { verdict: 'failed', reasons };
  }

  if (measured.seconds <= 0 || intended.totalCount === 0) {
    return { verdict: 'inconclusive', reasons: ['nothing was measured: no echo came back'] };
  }
  const decides = given.some((threshold) => threshold.metric === ACHIEVED);
  if (!decides && achievedPercent(measured) < SOUND_PERCENT) {
    return { verdict: 'inconclusive', reasons: [saturation(measured)] };
  }

  const misses = missed(given.filter((threshold) => !isErrorMetric(threshold)));
  if (misses.length > 0) {
    const reasons = misses.map(
      ({ threshold, actual }) => `${threshold.metric} is ${actual.text}, wanted ${threshold.text}`,
    );
    return { verdict: 'failed', reasons };
  }
  const count = Object.values(errors).reduce((total, value) => total + value, 0);
  const allowed = count === 0 ? '' : ', as many as the thresholds allow';
  return { verdict: 'passed', reasons: [`${count} errors in ${measured.echoed} echoes${allowed}`] };
}
