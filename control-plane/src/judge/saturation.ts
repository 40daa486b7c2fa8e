import { type RunResult, type Threshold, windowSecondsOf } from '@oversoak/contracts';
import type { Measured } from './figures.ts';
import { achievedPercent, countText, percentText, spanText } from './text.ts';
import { stretchesOf } from './windows.ts';

/** Below this share of the offered rate the generator did not do what it was told. */
export const SOUND_PERCENT = 99;

/**
 * A fleet that stood still for less than 0.6 s and made up for it stays sound in a stretch of this
 * length, wherever the stretch ends.
 */
const STRETCH_SECONDS = 60;

/** Of fewer messages one that is due at the end and sent a moment later is more than a percent. */
const LEAST_MESSAGES = 100;

/**
 * Pure: how the generator failed to do what it was told, over the measurement or in one minute of it,
 * which the mean of a night would hide; null: it did. Where a threshold on the achieved rate is
 * given, that decides.
 */
export function saturation(
  result: RunResult,
  measured: Measured,
  given: readonly Threshold[],
): string | null {
  if (given.some(({ metric }) => metric === 'achieved.rate')) return null;
  if (achievedPercent(measured) < SOUND_PERCENT) return `${SATURATED}: ${overall(measured)}`;
  return inStretches(result);
}

const SATURATED = 'generator saturated';

function shareText({ sent, offered }: { sent: number; offered: number }): string {
  const share = percentText(achievedPercent({ sent, offered }));
  return `sent ${countText(sent)} of ${countText(offered)} offered (${share}, needs ${SOUND_PERCENT} %)`;
}

function overall(measured: Measured): string {
  const { late, heldByWindow } = measured;
  const figures = shareText(measured);
  if (late === 0 && heldByWindow === 0) return figures;
  const cause =
    heldByWindow >= late
      ? `${countText(heldByWindow)} messages were held by the over-send window: echoes came back too slowly`
      : `${countText(late)} messages were sent late: the fleet itself was too slow`;
  return `${figures}; ${cause}`;
}

function inStretches(result: RunResult): string | null {
  const everySeconds = Math.max(
    STRETCH_SECONDS,
    windowSecondsOf(result.spec.phases.measureSeconds),
  );
  const saturated = stretchesOf(result, everySeconds)
    .filter(({ offered }) => offered >= LEAST_MESSAGES)
    .filter((stretch) => achievedPercent(stretch) < SOUND_PERCENT)
    .sort((a, b) => achievedPercent(a) - achievedPercent(b));
  const [worst] = saturated;
  if (worst === undefined) return null;
  const others = saturated.length === 1 ? '' : `, and so in ${saturated.length - 1} more stretches`;
  return `${SATURATED} ${spanText(worst)}: ${shareText(worst)}${others}`;
}
