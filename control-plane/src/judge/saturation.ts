import {
  addLoads,
  type FleetResult,
  type Load,
  type RunResult,
  windowSecondsOf,
} from '@oversoak/contracts';
import type { Measured } from './figures.ts';
import { fleetFaults, MIN_MESSAGES } from './load.ts';
import { sum } from './pooled.ts';
import { countText, durationText, percentText, spanText } from './text.ts';
import { fleetWindowsIn, stretchesOf } from './windows.ts';

/** If the fleet sent more of the due messages late or not at all, the load was not as requested. */
export const MAX_FAULT_PERCENT = 1;

/**
 * A fleet that stalled for less than 0.6 s and caught up is sound in any stretch of this length.
 */
const STRETCH_SECONDS = 60;

/**
 * Pure: why the generator did not produce the requested load, over the whole measurement or in any
 * minute of it, which the mean of a night would hide; null: it did. Messages that the server held
 * back or that had no session do not count: `achieved.rate` judges those.
 */
export function saturation(result: RunResult, measured: Measured): string | null {
  if (!isSaturated(measured)) {
    return inStretches(result) ?? unseenStall(result, measured) ?? unseenRefusals(result);
  }
  const loads = Object.entries(result.fleets).map(([agentId, { figures }]) => ({
    agentId,
    load: figures.final.measured.load,
  }));
  return `${SATURATED}: ${faultText(measured, loads)}${stallText(result, measured)}${refusalText(result)}`;
}

/** There, neither do sessions that the fleet's own system refused to connect. */
function unseenRefusals(result: RunResult): string | null {
  const { pacing, disconnectsPerSecond } = result.spec.workload;
  if (pacing !== 'closed' && disconnectsPerSecond === 0) return null;
  const refused = Object.entries(result.fleets).filter(([, { figures, measuredSeconds }]) => {
    const { measured, sessions } = figures.final;
    const percent =
      (100 * measured.connectsRefused.seconds) / (sessions.requested * measuredSeconds);
    return percent > MAX_FAULT_PERCENT;
  });
  if (refused.length === 0) return null;
  const fleet = fleetText(refused.map(([agentId]) => agentId));
  return `${SATURATED}: ${fleet} had fewer sessions than wanted${refusalText(result)}`;
}

/** What the fleets' own systems refused, with the reason of the first; empty: nothing. */
function refusalText({ fleets }: RunResult): string {
  const refused = Object.values(fleets)
    .map(({ figures }) => figures.final.measured.connectsRefused)
    .filter(({ count }) => count > 0);
  if (refused.length === 0) return '';
  const count = refused.reduce((sum, each) => sum + each.count, 0);
  return `; its own system refused ${countText(count)} connects: ${refused[0]?.reason ?? 'no reason'}`;
}

/**
 * In a closed loop nothing is due while the fleet stalls, and churn excuses messages between two
 * connections. There, no count of messages shows a stall, so its duration is judged.
 */
function unseenStall(result: RunResult, measured: Measured): string | null {
  const { spec, fleets } = result;
  const { pacing, disconnectsPerSecond } = spec.workload;
  if (pacing !== 'closed' && disconnectsPerSecond === 0) return null;
  const threads = threadsOf(Object.values(fleets));
  const percent = (100 * measured.stalls.seconds) / (threads * measured.seconds);
  if (!(percent > MAX_FAULT_PERCENT)) return null;
  const stalled = Object.entries(fleets)
    .filter(([, fleet]) => stallsOf(fleet).count > 0)
    .map(([agentId]) => agentId);
  return (
    `${SATURATED}: ${fleetText(stalled)} stood still for ${percentText(percent)} of the ` +
    `measurement, sound is ${MAX_FAULT_PERCENT} %${stallText(result, measured)}`
  );
}

const SATURATED = 'generator saturated';

interface FleetLoad {
  agentId: string;
  load: Load;
}

function faultPercent(load: Load): number {
  return load.due === 0 ? 0 : (100 * fleetFaults(load)) / load.due;
}

export const isSaturated = (load: Load) => faultPercent(load) > MAX_FAULT_PERCENT;

function faultText(load: Load, loads: readonly FleetLoad[]): string {
  const { due, late, unsent } = load;
  const faults = [
    ...(late === 0 ? [] : [`sent ${countText(late)} more than 50 ms late`]),
    ...(unsent.fleet === 0 ? [] : [`never sent ${countText(unsent.fleet)}`]),
  ];
  const percent = `${percentText(faultPercent(load))}, sound is ${MAX_FAULT_PERCENT} %`;
  const agentIds = loads.filter((each) => isSaturated(each.load)).map(({ agentId }) => agentId);
  const fleet = fleetText(agentIds);
  const whose = agentIds.length > 1 ? 'which is their own fault' : 'which is its own fault';
  return `of ${countText(due)} messages due ${fleet} ${faults.join(' and ')} (${percent}), ${whose}`;
}

const MAX_NAMED = 3;

/** "the fleet on agent-b", "the fleets on agent-b, agent-c, agent-d and 4 more" */
function fleetText(agentIds: readonly string[]): string {
  const more = agentIds.length - MAX_NAMED;
  const named = agentIds.slice(0, MAX_NAMED).join(', ');
  const fleets = agentIds.length > 1 ? 'fleets' : 'fleet';
  return `the ${fleets} on ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Stalls count only as far as they lie in the measurement. */
function stallText(result: RunResult, { stalls: { count, seconds } }: Measured): string {
  if (count === 0) return '';
  const times = count === 1 ? 'once' : `${countText(count)} times`;
  const stalled = Object.values(result.fleets).filter((each) => stallsOf(each).count > 0);
  const threads = threadsOf(stalled);
  const lasted = durationText((seconds / threads) * 1e6);
  if (threads === 1) return `; it stood still ${times}, for ${lasted} of the measurement`;
  return `; its ${threads} threads stood still ${times} in all, each for ${lasted} of the measurement on average`;
}

const stallsOf = ({ figures }: FleetResult) => figures.final.measured.stalls;

/** Those that ran: a fleet has no more threads than sessions, whatever the spec asks for. */
function threadsOf(fleets: readonly FleetResult[]): number {
  return sum(fleets.map(({ figures }) => figures.final.threads.length));
}

function inStretches(result: RunResult): string | null {
  const everySeconds = Math.max(
    STRETCH_SECONDS,
    windowSecondsOf(result.spec.phases.measureSeconds),
  );
  const saturated = stretchesOf(result, everySeconds)
    .filter(({ load }) => load.due >= MIN_MESSAGES && isSaturated(load))
    .sort((a, b) => faultPercent(b.load) - faultPercent(a.load));
  const [worst] = saturated;
  if (worst === undefined) return null;
  const loads = Object.entries(result.fleets).map(([agentId, { series }]) => {
    const windows = fleetWindowsIn([series], worst.startSeconds, worst.endSeconds);
    return { agentId, load: addLoads(windows.map(({ load }) => load)) };
  });
  const others = saturated.length === 1 ? '' : `, and so in ${saturated.length - 1} more stretches`;
  return `${SATURATED} ${spanText(worst)}: ${faultText(worst.load, loads)}${others}`;
}
