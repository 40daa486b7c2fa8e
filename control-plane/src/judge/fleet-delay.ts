import { countWhere, holds, sumOver, type Threshold } from '@oversoak/contracts';
import type { Histogram } from './figures.ts';
import { type Finding, unknown } from './finding.ts';
import { type Rated, sentInTime, wantedOf } from './load.ts';
import { countText, durationText, percentText } from './text.ts';

/** A thread with work for more of the time than this lets messages and echoes wait for it. */
const MAX_BUSY_PERCENT = 75;

/**
 * A miss says nothing of the server where a thread of the fleet mostly had work, or did not get to
 * run: the echoes may have waited for the fleet. What holds all the same, holds.
 */
function unlessBusy(finding: Finding, busyPercent: number): Finding {
  if (finding.outcome !== 'missed' || busyPercent <= MAX_BUSY_PERCENT) return finding;
  const why =
    `a thread of the fleet was busy for ${percentText(busyPercent)} of the time, so that messages ` +
    'and echoes waited for the fleet as well';
  return unknown(finding.text, why, finding.value);
}

const NS_PER_US = 1000;
/** With fewer, how late the fleet is has not been measured. */
const MIN_LAGS = 20;
const LAG_PERCENTILES = [0, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100];

/** Latencies of which a percentile is compared, with what of the fleet is in them. */
interface Latencies {
  percent: number;
  intended: Histogram;
  /** Messages that waited for room in their session. */
  held: number;
}

/** How busy the fleets were while a load was measured, and how late then or for longer. */
export interface Lateness {
  /** Share of the time in which the busiest thread of any fleet had work. */
  busyPercent: number;
  sendLag: Histogram;
  /** From the actual send to the echo, of the same messages. */
  actual: Histogram;
  /** That the fleets sent meanwhile. Of a whole measurement, all late ones may be of one window. */
  messages: number;
}

/**
 * A fleet reads its echoes as late as it sends its messages, and only the latter is in no latency. A
 * miss of an upper limit is the server's if for some delay more messages were above the limit by
 * that delay than may be above the limit plus those that the fleet was later for. A message that
 * waited for room waits for two reads: that of the echo which makes room, and that of its own.
 */
function unlessLate(
  finding: Finding,
  threshold: Threshold,
  { percent, intended, held }: Latencies,
  { sendLag, messages }: Pick<Lateness, 'sendLag' | 'messages'>,
): Finding {
  const upper = threshold.operator === '<' || threshold.operator === '<=';
  if (finding.outcome !== 'missed' || !upper || sendLag.totalCount < MIN_LAGS) return finding;
  const allowed = intended.totalCount * (1 - percent / 100);
  const reads = held > allowed ? 2 : 1;
  const isServers = LAG_PERCENTILES.some((lagPercent) => {
    const delayNs =
      lagPercent === 100 ? sendLag.maxValue : sendLag.getValueAtPercentile(lagPercent);
    const laterShare = countWhere(sendLag, (ns) => ns > delayNs) / sendLag.totalCount;
    const above = countWhere(
      intended,
      (ns) => !holds(threshold, (ns - reads * delayNs) / NS_PER_US),
    );
    return above > allowed + reads * Math.min(intended.totalCount, messages * laterShare);
  });
  if (isServers) return finding;
  const [p99, longest] = [sendLag.getValueAtPercentile(99), sendLag.maxValue];
  const why =
    `the fleet itself was late by up to ${durationText(longest / NS_PER_US)} (p99 ` +
    `${durationText(p99 / NS_PER_US)}), and reads its echoes as late as it sends: consistent with both`;
  return unknown(finding.text, why, finding.value);
}

/**
 * What the fleet never reached is no miss of the server's, nor is all that waited for room: a
 * session has room for its next message once the fleet has read an echo, which it does as late as
 * it sends. Messages that waited for room until it was too late prove no miss of the rate, if so many
 * more would have been sent without that part of the mean time from a send to its echo. What single
 * echoes took beyond any lateness, as in a session that the server starves, is the server's.
 */
function unlessHeld(
  finding: Finding,
  threshold: Threshold,
  load: Rated,
  { sendLag, actual }: Pick<Lateness, 'sendLag' | 'actual'>,
): Finding {
  const lower = threshold.operator === '>' || threshold.operator === '>=';
  if (finding.outcome !== 'missed' || !lower) return finding;
  const wanted = wantedOf(load) - load.unsent.fleet;
  if (wanted > 0 && holds(threshold, (100 * sentInTime(load)) / wanted)) {
    const why = `the fleet itself never reached ${countText(load.unsent.fleet)} of them`;
    return unknown(finding.text, why, finding.value);
  }
  if (sendLag.totalCount < MIN_LAGS) return finding;
  const [took, late, usual] = [actual.mean, sendLag.mean, actual.getValueAtPercentile(50)];
  const longest = usual + 2 * sendLag.maxValue;
  const byServer = sumOver(actual, (ns) => Math.max(0, ns - longest)) / Math.max(1, usual);
  const waited = Math.max(0, load.unsent.held + load.afterEnd - byServer);
  const more = took > late ? (sentInTime(load) * late) / (took - late) : waited;
  const percent = (100 * (sentInTime(load) + Math.min(waited, more))) / wanted;
  if (!holds(threshold, percent)) return finding;
  const why =
    `messages waited for room in their sessions until an echo was read, and of the ` +
    `${durationText(took / NS_PER_US)} that it took (mean) the fleet's own lateness may be ` +
    `${durationText(late / NS_PER_US)}: consistent with both`;
  return unknown(finding.text, why, finding.value);
}

/** The finding of a latency, undecided if it is a miss that the fleet itself can have caused. */
export function unlessLateByFleet(
  finding: Finding,
  threshold: Threshold,
  latencies: Latencies,
  lateness: Omit<Lateness, 'actual'>,
): Finding {
  return unlessBusy(unlessLate(finding, threshold, latencies, lateness), lateness.busyPercent);
}

/** The finding of a rate, undecided if it is a miss that the fleet itself can have caused. */
export function unlessHeldByFleet(
  finding: Finding,
  threshold: Threshold,
  load: Rated,
  lateness: Omit<Lateness, 'messages'>,
): Finding {
  return unlessBusy(unlessHeld(finding, threshold, load, lateness), lateness.busyPercent);
}
