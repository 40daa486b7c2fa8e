import {
  isDriftThreshold,
  parseThreshold,
  pointerTo,
  type SoakSpec,
  type Threshold,
  windowSecondsOf,
} from '@oversoak/contracts';
import { MIN_WINDOWS } from '../judge/drift.ts';
import { MIN_ECHOES, PERCENTILES } from '../judge/latency.ts';
import { MIN_MESSAGES } from '../judge/load.ts';
import { countText } from '../judge/text.ts';
import { leastEchoesToHold } from '../judge/window-percentile.ts';
import type { Rule } from './rule.ts';

/** The planned figures of a run. */
export interface Planned {
  measureSeconds: number;
  /** Of the whole fleet; null: a closed loop, whose rate depends on the echoes. */
  ratePerSecond: number | null;
  /** Whether the server is a target, which has only the fleet's figures. */
  ofTarget: boolean;
}

const ACHIEVED_RATE = 'achieved.rate';
const DRIFT_OF_ECHOES = 'drift.p99';

/** Why a run that goes as planned cannot decide a threshold; null: it can. */
export function whyUndecidable(threshold: Threshold, planned: Planned): string | null {
  return isDriftThreshold(threshold)
    ? whyNoDrift(threshold, planned)
    : whyTooFew(threshold, planned);
}

function whyNoDrift({ metric }: Threshold, planned: Planned): string | null {
  const { measureSeconds, ratePerSecond, ofTarget } = planned;
  const ofEchoes = metric === DRIFT_OF_ECHOES;
  if (ofTarget && !ofEchoes) {
    return `"${metric}" is of a server that oversoak starts; a target has no such figure`;
  }
  const windowSeconds = windowSecondsOf(measureSeconds);
  const windows = Math.floor(measureSeconds / windowSeconds);
  if (windows < MIN_WINDOWS) {
    const needs = `"${metric}" needs ${MIN_WINDOWS} windows of ${windowSeconds} s`;
    return `${needs}: phases.measureSeconds is ${measureSeconds}, which gives ${windows} windows`;
  }
  if (!ofEchoes || ratePerSecond === null) return null;
  const each = MIN_ECHOES['echo.latency.p99'];
  const due = ratePerSecond * windows * windowSeconds;
  // Neighbouring windows are merged until they have enough echoes.
  const together = Math.ceil((each * windows) / due);
  if (Math.floor(windows / together) >= MIN_WINDOWS) return null;
  const needs = `"${metric}" needs ${MIN_WINDOWS} windows of ${each} echoes`;
  return `${needs}: ${dueText(ratePerSecond, 'phases.measureSeconds', measureSeconds)}`;
}

function whyTooFew(threshold: Threshold, planned: Planned): string | null {
  const { metric, everySeconds } = threshold;
  const { measureSeconds, ratePerSecond } = planned;
  const needed = neededOf(threshold);
  if (needed === null || ratePerSecond === null) return null;
  const seconds = everySeconds ?? measureSeconds;
  if (ratePerSecond * seconds >= needed) return null;
  const [what, field] =
    everySeconds === null ? ['', 'phases.measureSeconds'] : [' in each window', '"every"'];
  const things = metric === ACHIEVED_RATE ? 'messages' : 'echoes';
  const needs = `"${metric}" needs ${countText(needed)} ${things}${what}`;
  return `${needs}: ${dueText(ratePerSecond, field, seconds)}`;
}

/** The number of messages or echoes that a threshold needs; null: any number. */
function neededOf({ metric, operator, everySeconds }: Threshold): number | null {
  if (metric === ACHIEVED_RATE) return MIN_MESSAGES;
  const percent = PERCENTILES[metric];
  if (percent === undefined) return null;
  const least = MIN_ECHOES[metric as keyof typeof MIN_ECHOES];
  const below = operator === '<' || operator === '<=';
  if (everySeconds === null || percent === 100 || !below) return least;
  return Math.max(least, leastEchoesToHold(percent));
}

function dueText(ratePerSecond: number, field: string, seconds: number): string {
  const due = countText(Math.floor(ratePerSecond * seconds));
  return `workload.ratePerSecond ${ratePerSecond} × ${field} ${seconds} = ${due} are due`;
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
