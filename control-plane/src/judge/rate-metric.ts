import type { Threshold } from '@oversoak/contracts';
import { measuredOf } from './figures.ts';
import { type Finding, known, unknown } from './finding.ts';
import { unlessHeldByFleet } from './fleet-delay.ts';
import {
  achievedPercent,
  MIN_MESSAGES,
  type Rated,
  sentInTime,
  unsentText,
  wantedOf,
} from './load.ts';
import type { Metric } from './metric.ts';
import { whyTooFew } from './planned-messages.ts';
import { isMoreThan } from './share.ts';
import { countText, percentText } from './text.ts';
import { MISSED_LEVEL } from './window-percentile.ts';

/**
 * Compares the achieved rate with its limit, over the whole or in one of `windows` windows. Of fewer
 * than a hundred messages one is more than a percent: there only so many missing messages as chance
 * does not explain are a miss, and nothing holds.
 */
function findRate(threshold: Threshold, load: Rated, windows = 1): Finding {
  const percent = achievedPercent(load);
  const wanted = wantedOf(load);
  const causes = unsentText(load);
  const text = `${percentText(percent)}${causes === '' ? '' : ` of ${countText(wanted)} due: ${causes}`}`;
  if (wanted >= MIN_MESSAGES) return known(threshold, percent, text);
  const { operator, limit } = threshold;
  const missing = wanted - sentInTime(load);
  const beyondChance = isMoreThan(1 - limit / 100, missing, wanted, MISSED_LEVEL / windows);
  if (beyondChance && (operator === '>=' || operator === '>'))
    return known(threshold, percent, text);
  return unknown(text, `it needs ${MIN_MESSAGES} messages due, there were ${countText(wanted)}`);
}

const CLOSED_LOOP =
  '"achieved.rate" says nothing of a closed loop: workload.pacing is "closed", where a message is ' +
  'due when it is sent, so that 100 % of them always are';

export const RATE_METRIC: Metric = {
  find: (threshold, { measured, sendLag, actual }) => {
    const finding = findRate(threshold, measured);
    const { busyPercent } = measured;
    return unlessHeldByFleet(finding, threshold, measured, { busyPercent, sendLag, actual });
  },
  findInWindow: (threshold, { load, lateness }, windows) => {
    const finding = findRate(threshold, load, windows);
    return unlessHeldByFleet(finding, threshold, load, lateness());
  },
  figureOf: (result) => {
    const measured = measuredOf(result);
    return wantedOf(measured) < MIN_MESSAGES ? null : achievedPercent(measured);
  },
  whyUndecidable: (threshold, planned) =>
    planned.closedLoop ? CLOSED_LOOP : whyTooFew(threshold, MIN_MESSAGES, 'messages', planned),
};
