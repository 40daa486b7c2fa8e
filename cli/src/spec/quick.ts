import {
  everyProblem,
  parseThreshold,
  plannedDeliveries,
  schemaProblems,
  ThresholdSpec,
} from '@oversoak/contracts';
import { MIN_MESSAGES } from '@oversoak/control-plane/judge/load';
import type { Planned } from '@oversoak/control-plane/judge/metric';
import { METRICS } from '@oversoak/control-plane/judge/metrics';
import { isMapping } from './read-spec.ts';

/** Maximum phases of a quick soak; shorter phases stay unchanged. */
export const QUICK_PHASES = {
  rampUpSeconds: 1,
  warmUpSeconds: 0.5,
  measureSeconds: 3,
  drainSeconds: 2,
} as const;

export const QUICK_DESCRIPTION = `one repeat, and at most ${[
  `${QUICK_PHASES.rampUpSeconds} s of ramp-up`,
  `${QUICK_PHASES.warmUpSeconds} s of warm-up`,
  `${QUICK_PHASES.measureSeconds} s of measurement`,
  `${QUICK_PHASES.drainSeconds} s of drain`,
].join(
  ', ',
)} (more where ${MIN_MESSAGES} messages need longer); omits thresholds that need a longer measurement`;

/** The shortened soak. Leaves invalid values for the API to refuse by name. */
export function quickSpec(spec: Record<string, unknown>): Record<string, unknown> {
  const { phases, thresholds } = spec;
  const planned = quickPlan(spec);
  const fits = (given: unknown) => fitsQuick(given, planned);
  return {
    ...spec,
    repeats: 1,
    ...(isMapping(phases) ? { phases: quickPhases(phases, planned) } : {}),
    ...(Array.isArray(thresholds) ? { thresholds: thresholds.filter(fits) } : {}),
  };
}

/** The plan as far as its values are valid; the API refuses the rest. */
function quickPlan({ phases, workload, matrix, target }: Record<string, unknown>): Planned {
  const given = isMapping(phases) ? phases.measureSeconds : undefined;
  const rate = isMapping(workload) ? workload.ratePerSecond : undefined;
  const ratePerSecond = typeof rate === 'number' && rate > 0 ? rate : null;
  const needed = ratePerSecond === null ? 0 : Math.ceil(MIN_MESSAGES / ratePerSecond);
  const longest = Math.max(QUICK_PHASES.measureSeconds, needed, loopSeconds(workload, matrix));
  return {
    measureSeconds: typeof given === 'number' ? Math.min(given, longest) : longest,
    ratePerSecond,
    deliveriesPerSecond: deliveriesOf(workload, ratePerSecond),
    ticksPerSecond: ticksOf(workload, matrix),
    // What is wrong in any length is the API's to refuse.
    closedLoop: false,
    ofTarget: target !== undefined,
  };
}

/** What the answers and late timers of a closed loop take beside its delay. */
const ROUND_MARGIN = 1.1;

/** Until a closed loop has come round often enough for a verdict; 0 where that is not known. */
function loopSeconds(workload: unknown, matrix: unknown): number {
  const { pacing, loopDelayMs, overSend = 1 } = isMapping(workload) ? workload : {};
  const fewest = Math.min(...sessionsOf(matrix));
  if (pacing !== 'closed' || typeof loopDelayMs !== 'number' || typeof overSend !== 'number') {
    return 0;
  }
  const rounds = Math.ceil(MIN_MESSAGES / (fewest * overSend));
  const seconds = Math.ceil((rounds * ROUND_MARGIN * loopDelayMs) / 1000);
  return Number.isFinite(seconds) ? seconds : 0;
}

function sessionsOf(matrix: unknown): number[] {
  const given = isMapping(matrix) && Array.isArray(matrix.sessions) ? matrix.sessions : [];
  return given.filter((each): each is number => typeof each === 'number');
}

/** Enough for every threshold where that is not known: the API refuses what is wrong. */
function deliveriesOf(workload: unknown, ratePerSecond: number | null): number {
  const { size, share = 1 } = zonesOf(workload);
  if (ratePerSecond === null || typeof size !== 'number' || typeof share !== 'number') {
    return Number.POSITIVE_INFINITY;
  }
  const zones = { size, share, ticksPerSecond: 0 };
  const planned = plannedDeliveries({ zones, ratePerSecond, sessions: 0 });
  return planned?.ofMessages ?? Number.POSITIVE_INFINITY;
}

function zonesOf(workload: unknown): Record<string, unknown> {
  return isMapping(workload) && isMapping(workload.zones) ? workload.zones : {};
}

/** Of the cell with the fewest sessions; enough where that is not known. */
function ticksOf(workload: unknown, matrix: unknown): number {
  const { ticksPerSecond } = zonesOf(workload);
  const sessions = sessionsOf(matrix);
  if (typeof ticksPerSecond !== 'number' || sessions.length === 0) {
    return Number.POSITIVE_INFINITY;
  }
  return Math.min(...sessions) * ticksPerSecond;
}

/**
 * False for thresholds that a quick soak cannot judge: a trend, windows longer than the
 * measurement, or a percentile of too few messages.
 */
function fitsQuick(given: unknown, planned: Planned): boolean {
  if (schemaProblems(ThresholdSpec, given).length > 0) return true;
  const parsed = parseThreshold(given as ThresholdSpec);
  if ('error' in parsed) return true;
  const { threshold } = parsed;
  const fits = everyProblem(threshold, planned.measureSeconds) === null;
  return fits && METRICS[threshold.metric].whyUndecidable(threshold, planned) === null;
}

function quickPhases(
  phases: Record<string, unknown>,
  { measureSeconds }: Pick<Planned, 'measureSeconds'>,
): Record<string, unknown> {
  const shortened = Object.entries(QUICK_PHASES).flatMap(([name, limit]) => {
    const given = phases[name];
    // An absent phase has a default that may be longer; the measurement has no default.
    if (given === undefined) return name === 'measureSeconds' ? [] : [[name, limit] as const];
    const longest = name === 'measureSeconds' ? measureSeconds : limit;
    return typeof given === 'number' ? [[name, Math.min(given, longest)] as const] : [];
  });
  return { ...phases, ...Object.fromEntries(shortened) };
}
