import {
  everyProblem,
  impliedThresholds,
  type Problem,
  parseThreshold,
  plannedDeliveries,
  pointerTo,
  type SoakSpec,
  type Threshold,
  whyContrary,
  whyNever,
} from '@oversoak/contracts';
import { MIN_MESSAGES } from '../judge/load.ts';
import type { Planned } from '../judge/metric.ts';
import { METRICS } from '../judge/metrics.ts';
import { countText } from '../judge/text.ts';
import type { Rule } from './rule.ts';

/** Why a run that goes as planned cannot decide a threshold; null: it can. */
function whyUndecidable(threshold: Threshold, planned: Planned): string | null {
  const metric = METRICS[threshold.metric];
  if (threshold.everySeconds !== null && metric.findInWindow === null) {
    return `"${threshold.metric}" takes no "every": it is a figure of the whole measurement`;
  }
  return metric.whyUndecidable(threshold, planned);
}

/** Of the cell with the fewest sessions. */
function plannedOf({ phases, workload, matrix, target }: SoakSpec): Planned {
  const { measureSeconds } = phases;
  const { pacing, ratePerSecond = null } = workload;
  const closedLoop = pacing === 'closed';
  const known = closedLoop ? null : ratePerSecond;
  const deliveries = plannedDeliveries({ ...workload, sessions: Math.min(...matrix.sessions) });
  return {
    measureSeconds,
    ratePerSecond: known,
    deliveriesPerSecond: deliveries?.ofMessages ?? null,
    ticksPerSecond: deliveries?.ofTicks ?? null,
    closedLoop,
    ofTarget: target !== undefined,
  };
}

/** The thresholds that can be read, each with its place in the spec. */
function thresholdsOf({ thresholds }: SoakSpec): { threshold: Threshold; pointer: string }[] {
  return thresholds.flatMap((given, index) => {
    const parsed = parseThreshold(given);
    if ('error' in parsed) return [];
    return [{ threshold: parsed.threshold, pointer: pointerTo('thresholds', index) }];
  });
}

/** Each with the first before it that it excludes. */
function contradictions(spec: SoakSpec): Problem[] {
  const sound = thresholdsOf(spec).filter(({ threshold }) => whyNever(threshold) === null);
  return sound.flatMap(({ threshold, pointer }, index) => {
    const details = sound
      .slice(0, index)
      .map((before) => whyContrary(threshold, before.threshold))
      .filter((detail) => detail !== null);
    return details.slice(0, 1).map((detail) => ({ pointer, detail }));
  });
}

/** What the implied rate needs, where the spec has none of its own. */
function impliedRateProblems(spec: SoakSpec): Problem[] {
  const given = thresholdsOf(spec).map(({ threshold }) => threshold);
  return impliedThresholds(given, spec.workload).flatMap((threshold) => {
    const why = whyUndecidable(threshold, plannedOf(spec));
    if (why === null) return [];
    const detail = `is too short for the implied threshold "${threshold.text}": ${why}`;
    return [{ pointer: '/phases/measureSeconds', detail }];
  });
}

/** A closed loop that comes round too seldom for a verdict. */
function loopProblems({ matrix, phases, workload }: SoakSpec): Problem[] {
  const { pacing, loopDelayMs, overSend } = workload;
  const { measureSeconds } = phases;
  if (pacing !== 'closed' || loopDelayMs === 0) return [];
  const delaySeconds = loopDelayMs / 1000;
  if (delaySeconds >= measureSeconds) {
    const detail = `${loopDelayMs} ms is no shorter than the measurement: phases.measureSeconds is ${measureSeconds}`;
    return [{ pointer: '/workload/loopDelayMs', detail }];
  }
  const rounds = Math.floor(measureSeconds / delaySeconds) + 1;
  return matrix.sessions.flatMap((sessions, index) => {
    const most = sessions * overSend * rounds;
    if (most >= MIN_MESSAGES) return [];
    const product = `${sessions} sessions × workload.overSend ${overSend} × ${rounds} rounds`;
    const detail =
      `${product} = at most ${countText(most)} messages, a verdict needs ${MIN_MESSAGES}: ` +
      `phases.measureSeconds ${measureSeconds} / workload.loopDelayMs ${loopDelayMs} + 1 = ${rounds} rounds`;
    return [{ pointer: pointerTo('matrix', 'sessions', index), detail }];
  });
}

export const THRESHOLD_RULES: readonly Rule[] = [
  {
    // Reads nothing else, so that a threshold is reported together with what else is wrong.
    reads: ['/thresholds'],
    problems: ({ thresholds }) =>
      thresholds.flatMap((given, index) => {
        const parsed = parseThreshold(given);
        const detail = 'error' in parsed ? parsed.error : whyNever(parsed.threshold);
        return detail === null ? [] : [{ pointer: pointerTo('thresholds', index), detail }];
      }),
  },
  {
    reads: ['/thresholds', '/phases/measureSeconds'],
    problems: (spec) =>
      thresholdsOf(spec).flatMap(({ threshold, pointer }) => {
        if (whyNever(threshold) !== null) return [];
        const detail = everyProblem(threshold, spec.phases.measureSeconds);
        return detail === null ? [] : [{ pointer, detail }];
      }),
  },
  { reads: ['/thresholds'], problems: contradictions },
  {
    reads: ['/thresholds', '/phases/measureSeconds', '/workload', '/matrix/sessions', '/target'],
    problems: (spec) =>
      thresholdsOf(spec).flatMap(({ threshold, pointer }) => {
        const detail = whyUndecidable(threshold, plannedOf(spec));
        return detail === null ? [] : [{ pointer, detail }];
      }),
  },
  {
    reads: ['/thresholds', '/phases/measureSeconds', '/workload', '/matrix/sessions', '/target'],
    problems: impliedRateProblems,
  },
  {
    reads: ['/workload', '/phases/measureSeconds', '/matrix/sessions'],
    problems: loopProblems,
  },
];
