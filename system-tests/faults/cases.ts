// The one list of what can happen to a run and what is promised then. The suite runs it, and the
// table of docs/failures.md is made from it.
import type { RunState, Verdict } from '@oversoak/contracts';
import type { FaultName } from './faults.ts';

/** Where a run is when the fault comes: `queued` is behind another one, in whatever state that is. */
export type At = Exclude<RunState, 'allocating' | 'done'>;

export interface Promised {
  /** One of these. */
  verdicts: Verdict[];
  /** Of the one reason of the verdict: it names the cause. */
  reason: RegExp;
  /** For the table. */
  text: string;
}

export interface Case {
  fault: FaultName;
  at: At;
  promised: Promised;
  /**
   * Whether the fleet's result comes after the verdict and is kept as late: `maybe` where it races
   * with the abort that the agent finds when it is back.
   */
  late: boolean | 'maybe';
  /** The run lasts longer than the fault. */
  long: boolean;
  /** Of the short cut, which `npm test` runs. */
  short: boolean;
}

export const GOES_ON: Promised = {
  verdicts: ['passed'],
  reason: /^0 errors in \d+ echoes/,
  text: 'continues unaffected',
};

const CANCELLED: Promised = {
  verdicts: ['cancelled'],
  reason: /^cancelled by request$/,
  text: '`cancelled`, as requested before the fault',
};

/** At the moment of the start a run goes on, or its start came too late and it says so. */
const GOES_ON_IF_STARTED: Promised = {
  verdicts: ['passed', 'inconclusive'],
  reason: /^0 errors in \d+ echoes|the start came [\d.]+ s after the time it was set for/,
  text: 'continues, or `inconclusive`: the start came too late',
};

const lost = (agentId: string): Promised => ({
  verdicts: ['inconclusive'],
  reason: new RegExp(`^agent ${agentId} \\((server|fleet)\\) was lost`),
  text: '`inconclusive`: the agent was lost',
});
const FLEET_LOST = lost('agent-b');
const SERVER_LOST = lost('agent-a');

const crashed = (role: 'server' | 'fleet', verdicts: Verdict[], text: string): Promised => ({
  verdicts,
  reason: new RegExp(`^${role} on agent-[ab] failed: the host process ended while \\w+: signal`),
  text,
});
const SERVER_CRASHED = crashed('server', ['failed'], '`failed`: the server under test died');
const NOT_STARTED = crashed('server', ['inconclusive'], '`inconclusive`: the host process ended');
/** Before the common start the host process is to blame, from then on the server in it. */
const AT_THE_START = crashed(
  'server',
  ['inconclusive', 'failed'],
  '`inconclusive` before the common start, `failed` after it',
);
const FLEET_CRASHED = crashed('fleet', ['inconclusive'], '`inconclusive`: the host process ended');

const RUNNING: At[] = ['warming', 'measuring', 'draining'];
const GIVEN: At[] = ['preparing', 'starting', ...RUNNING];

function cases(
  fault: FaultName,
  ats: readonly At[],
  promised: Promised,
  more: Partial<Pick<Case, 'late' | 'long' | 'short'>> = {},
): Case[] {
  return ats.map((at) => ({
    fault,
    at,
    promised,
    late: false,
    long: false,
    short: false,
    ...more,
  }));
}

/** A fault that a run does not feel: where its start is due it may. */
function unfelt(fault: FaultName, { ats = ['preparing'], startsAt, shortAt }: Unfelt = {}): Case[] {
  const all = [
    ...cases(fault, ats, GOES_ON),
    ...cases(fault, startsAt ?? ['starting'], GOES_ON_IF_STARTED),
    ...cases(fault, RUNNING, GOES_ON),
    ...cases(fault, ['judging'], CANCELLED),
  ];
  return all.map((each) => ({ ...each, short: each.at === shortAt }));
}
interface Unfelt {
  /** Before its start. */
  ats?: At[];
  startsAt?: At[];
  shortAt?: At;
}

/** A fault that takes the fleet's agent away until the run is done. */
function away(fault: FaultName, shortAt?: At): Case[] {
  const all = [
    ...cases(fault, ['preparing'], FLEET_LOST),
    ...cases(fault, ['starting', 'warming'], FLEET_LOST, { late: 'maybe' }),
    ...cases(fault, ['measuring'], FLEET_LOST, { late: true }),
    ...cases(fault, ['measuring'], FLEET_LOST, { long: true }),
    ...cases(fault, ['draining'], FLEET_LOST, { late: 'maybe' }),
    ...cases(fault, ['judging'], CANCELLED, { late: 'maybe' }),
  ];
  return all.map((each) => ({ ...each, short: each.at === shortAt && !each.long }));
}

export const CASES: Case[] = [
  ...cases('serverHostCrashes', ['preparing'], NOT_STARTED),
  ...cases('serverHostCrashes', ['starting'], AT_THE_START),
  ...cases('serverHostCrashes', ['warming'], SERVER_CRASHED),
  ...cases('serverHostCrashes', ['measuring'], SERVER_CRASHED, { short: true }),
  ...cases('serverHostCrashes', ['draining'], SERVER_CRASHED),
  ...cases('fleetHostCrashes', GIVEN, FLEET_CRASHED),
  ...cases('fleetHostCrashes', ['judging'], CANCELLED),

  ...cases('serverAgentKilled', GIVEN, SERVER_LOST),
  ...cases('serverAgentKilled', ['judging'], CANCELLED),
  ...cases('fleetAgentKilled', ['queued'], GOES_ON),
  ...cases('fleetAgentKilled', ['preparing', 'starting', 'warming'], FLEET_LOST),
  ...cases('fleetAgentKilled', ['measuring'], FLEET_LOST, { short: true }),
  ...cases('fleetAgentKilled', ['draining'], FLEET_LOST),
  ...cases('fleetAgentKilled', ['judging'], CANCELLED),

  ...unfelt('frozenShort', { shortAt: 'measuring' }),
  ...away('frozenLong'),
  ...cases('machineFrozenLong', ['measuring'], FLEET_LOST, { late: 'maybe' }),
  ...cases('frozenAndReplaced', ['measuring'], FLEET_LOST, { late: 'maybe' }),

  ...unfelt('cutShort'),
  ...away('cutLong', 'measuring'),
  // The agent may find out only then that its connections are dead.
  ...unfelt('swallowedShort', { ats: [], startsAt: ['preparing', 'starting'] }),
  ...away('swallowedLong'),

  ...unfelt('planeKilled', { ats: ['queued', 'preparing'], shortAt: 'measuring' }),
  ...unfelt('planeOfTwoKilled', { ats: ['queued', 'preparing'], shortAt: 'preparing' }),
  ...unfelt('redisKilled', { ats: ['queued', 'preparing'], shortAt: 'measuring' }),
  ...unfelt('redisAwayLong', { ats: ['queued', 'preparing'], shortAt: 'draining' }),

  ...cases('reportsRepeated', GIVEN, GOES_ON),
  ...cases('reportsRepeated', ['judging'], CANCELLED),
  ...cases('agentJobsRepeated', GIVEN, GOES_ON),
  ...cases('agentJobsRepeated', ['judging'], CANCELLED),
  ...cases('oldEpoch', GIVEN, GOES_ON),
  ...cases('oldEpoch', ['judging'], CANCELLED),

  ...cases('diskFull', ['preparing', 'warming', 'measuring'], GOES_ON),
  ...cases('diskFull', ['draining'], GOES_ON, { short: true }),
  ...cases('diskFull', ['judging'], CANCELLED),

  ...cases('agentClocksForward', ['queued'], GOES_ON),
  ...cases('agentClocksForward', ['preparing'], GOES_ON, { short: true }),
  ...cases('agentClocksForward', ['starting', ...RUNNING], GOES_ON),
  ...cases('agentClocksForward', ['judging'], CANCELLED),
  ...cases('agentClocksBack', ['queued', ...GIVEN], GOES_ON),
  ...cases('agentClocksBack', ['judging'], CANCELLED),
  ...cases('planeClockForward', ['queued', ...GIVEN], GOES_ON),
  ...cases('planeClockForward', ['judging'], CANCELLED),
  ...cases('planeClockBack', ['queued', ...GIVEN], GOES_ON),
  ...cases('planeClockBack', ['judging'], CANCELLED),
];
