import Table from 'cli-table3';
import { type Ratio, ratioText } from './ratio.ts';

/** Something that the core is to hold, and what was measured. */
export interface Aim {
  what: string;
  goal: string;
  actual: string;
  /** `null`: it could not be measured, and `actual` says why. */
  held: boolean | null;
}

/** A rate is to be a number of times another's: the median of the rounds decides. */
export function atLeastTimes(what: string, times: number, ratio: Ratio): Aim {
  const held = ratio.median >= times;
  return { what, goal: `at least ${times} x`, actual: ratioText(ratio), held };
}

/** What is better the less there is of it: the median of the rounds decides. */
export function atMostTimes(what: string, times: number, ratio: Ratio): Aim {
  const held = ratio.median <= times;
  return { what, goal: `at most ${times} x`, actual: ratioText(ratio), held };
}

/**
 * A maximum is to be no longer than another's. A maximum is one value of a round, so the median of
 * equals is above 1 every other time: missed is what is worse in three of four rounds.
 */
export function noLonger(what: string, ratio: Ratio): Aim {
  return { what, goal: 'no longer', actual: ratioText(ratio), held: ratio.low <= 1 };
}

export function atLeast(what: string, goal: number, actual: number, unit: string): Aim {
  return bound(what, 'at least', goal, actual, unit, actual >= goal);
}

export function atMost(what: string, goal: number, actual: number, unit: string): Aim {
  return bound(what, 'at most', goal, actual, unit, actual <= goal);
}

function bound(
  what: string,
  word: string,
  goal: number,
  actual: number,
  unit: string,
  held: boolean,
): Aim {
  return { what, goal: `${word} ${shown(goal)} ${unit}`, actual: `${shown(actual)} ${unit}`, held };
}

/** Three digits, and whole numbers whole. */
function shown(value: number): string {
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export const allHeld = (aims: readonly Aim[]) => aims.every(({ held }) => held === true);

export function aimsTable(aims: readonly Aim[]): string {
  const table = new Table({
    head: ['aim', 'goal', 'measured', ''],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, goal, actual, held } of aims) {
    table.push([what, goal, actual, held === null ? 'not measured' : held ? 'held' : 'MISSED']);
  }
  return table.toString();
}
