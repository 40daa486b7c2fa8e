import {
  addLoads,
  count,
  type FleetResult,
  type Load,
  mergeHistograms,
  milliseconds,
  percent,
  seconds,
  summarise,
  UNSENT_CAUSE_NAMES,
  UNSENT_TEXTS,
  withUnit,
} from '@oversoak/contracts';

/**
 * What happened to every message that was due in the measurement, and how late the fleet itself
 * was.
 */
export function loadLines(fleets: readonly FleetResult[]): string[] {
  if (fleets.length === 0) return [];
  const measured = fleets.map(({ figures }) => figures.final.measured);
  const load = addLoads(measured.map((of) => of.load));
  const lag = summarise(mergeHistograms(measured.map(({ latency }) => latency.sendLag)));
  const stalls = measured.reduce((sum, of) => sum + of.stalls.count, 0);
  const disturbed = mergeHistograms(measured.map(({ latency }) => latency.disturbed));
  const stalledSeconds = measured.reduce((sum, of) => sum + of.stalls.seconds, 0);
  return [
    `Load      ${count(load.due)} messages due, ${sentText(load)}`,
    ...UNSENT_CAUSE_NAMES.filter((cause) => load.unsent[cause] > 0).map(
      (cause) => `          never sent: ${count(load.unsent[cause])} ${UNSENT_TEXTS[cause]}`,
    ),
    `Echoes    ${count(load.echoed)} came, ${count(load.unanswered)} never did${resetText(load)}`,
    `Fleet     its own lateness: p50 ${withUnit(milliseconds(lag.p50Us), 'ms')}, p99 ${withUnit(milliseconds(lag.p99Us), 'ms')}`,
    `          its busiest thread had work for ${busyShare(fleets)} of the measurement`,
    ...refusedLines(fleets),
    ...(stalls === 0
      ? []
      : [
          `          stood still for 20 ms or longer: ${stalls === 1 ? 'once' : `${count(stalls)} times`}, ${seconds(stalledSeconds)} of the measurement`,
        ]),
    ...(load.disturbed === 0
      ? []
      : [
          `          stood still for 5 ms or longer while ${load.disturbed === 1 ? '1 message was' : `${count(load.disturbed)} messages were`} in flight or behind what it then sent at once: excluded from latency, each took at most ${withUnit(milliseconds(disturbed.maxValue / 1e3), 'ms')}`,
        ]),
  ];
}

/** Of the busiest thread of all fleets. */
function busyShare(fleets: readonly FleetResult[]): string {
  const shares = fleets.map(
    ({ figures, measuredSeconds }) => figures.final.measured.busySeconds / measuredSeconds,
  );
  return percent(Math.max(0, ...shares));
}

function refusedLines(fleets: readonly FleetResult[]): string[] {
  const refused = fleets
    .map(({ figures }) => figures.final.measured.connectsRefused)
    .filter((each) => each.count > 0);
  const sum = refused.reduce((total, each) => total + each.count, 0);
  if (sum === 0) return [];
  return [
    `          its own system refused ${count(sum)} connects: ${refused[0]?.reason ?? 'no reason'}`,
  ];
}

function sentText({ sent, held, late }: Load): string {
  return `${count(sent)} sent: ${count(held)} after waiting on a full window, ${count(late)} late by the fleet itself`;
}

function resetText({ reset }: Load): string {
  return reset === 0 ? '' : `, ${count(reset)} were reset by the fleet`;
}
