import { parseThreshold, pointerTo, type SoakSpec, type Threshold } from '@oversoak/contracts';
import type { Planned } from '../judge/metric.ts';
import { METRICS } from '../judge/metrics.ts';
import type { Rule } from './rule.ts';

/** Why a run that goes as planned cannot decide a threshold; null: it can. */
function whyUndecidable(threshold: Threshold, planned: Planned): string | null {
  const metric = METRICS[threshold.metric];
  if (threshold.everySeconds !== null && metric.findInWindow === null) {
    return `"${threshold.metric}" takes no "every": it is a figure of the whole measurement`;
  }
  return metric.whyUndecidable(threshold, planned);
}

export const DECIDABLE_RULE: Rule = {
  reads: ['/thresholds', '/phases/measureSeconds', '/workload', '/target'],
  problems: (spec) =>
    spec.thresholds.flatMap((given, index) => {
      const parsed = parseThreshold(given);
      if ('error' in parsed) return [];
      const detail = whyUndecidable(parsed.threshold, plannedOf(spec));
      return detail === null ? [] : [{ pointer: pointerTo('thresholds', index), detail }];
    }),
};

function plannedOf({ phases, workload, target }: SoakSpec): Planned {
  const { measureSeconds } = phases;
  const { pacing, ratePerSecond } = workload;
  const known = pacing === 'closed' ? null : (ratePerSecond ?? null);
  return { measureSeconds, ratePerSecond: known, ofTarget: target !== undefined };
}
