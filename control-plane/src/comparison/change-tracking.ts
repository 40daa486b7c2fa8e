import { mean } from 'simple-statistics';
import {
  BASE_NIGHTS,
  MAX_SINCE,
  MIN_BASE_NIGHTS,
  type Reference,
  type Shift,
  shiftOf,
} from './change-detection.ts';

/** Whether a series has changed, as known after a night. */
export interface ChangeState {
  kind: 'none' | 'suspect' | 'changed';
  /** Logarithm of the distance of the nights since then from the base; 0: none. */
  by: number;
  /** Index of the first night of the change; null: none. */
  since: number | null;
}

interface NightValue {
  index: number;
  value: number;
}

/** A change that was reported and has not ended. */
interface Episode {
  since: number;
  against: Reference;
  /** Mean of the changed nights, and how many they are. */
  level: number;
  nights: number;
  /** Latest nights that favour the base again, and their log-likelihood ratio (`evidence`). */
  returning: readonly NightValue[];
  evidence: number;
}

/** The state of a series after the nights so far. */
export interface TrackedSeries {
  /** The first nights without a change, at most BASE_NIGHTS. */
  base: readonly NightValue[];
  /** The latest nights after the base, or after the last change, without a change. */
  since: readonly NightValue[];
  episode: Episode | null;
  change: ChangeState;
}

const NO_CHANGE: ChangeState = { kind: 'none', by: 0, since: null };

export const NO_NIGHTS: TrackedSeries = { base: [], since: [], episode: null, change: NO_CHANGE };

/** Log-likelihood ratio that ends a change: the base is then e^5 = 150 times likelier. */
const RETURN_EVIDENCE = 5;
/** A single night near the base may be chance. */
const MIN_RETURNING = 2;
/** A night is clipped at this many deviations beyond either level. */
const MAX_BEYOND = 3;

const changeStateOf = ({ since, level, against }: Episode): ChangeState => ({
  kind: 'changed',
  by: level - against.mean,
  since,
});

/** Nights without a change join the base until it is full. */
function joinBase(
  base: readonly NightValue[],
  since: readonly NightValue[],
  nights: readonly NightValue[],
) {
  const all = [...base, ...since, ...nights];
  return {
    base: all.slice(0, BASE_NIGHTS),
    since: all.slice(BASE_NIGHTS).slice(-MAX_SINCE),
  };
}

/** During a change: the night is evidence for the change or for a return to the base. */
function duringChange(tracked: TrackedSeries, episode: Episode, night: NightValue): TrackedSeries {
  const { level, against, nights } = episode;
  const size = (level - against.mean) / against.deviation;
  const at = (night.value - against.mean) / against.deviation;
  const lowest = Math.min(0, size) - MAX_BEYOND;
  const clipped = Math.min(Math.max(at, lowest), Math.max(0, size) + MAX_BEYOND);
  const evidence = episode.evidence + size * (size / 2 - clipped);
  if (evidence <= 0) {
    const stayed = [...episode.returning, night];
    const total = level * nights + mean(stayed.map(({ value }) => value)) * stayed.length;
    const after = {
      ...episode,
      level: total / (nights + stayed.length),
      nights: nights + stayed.length,
      returning: [],
      evidence: 0,
    };
    return { ...tracked, episode: after, change: changeStateOf(after) };
  }
  const returning = [...episode.returning, night];
  if (evidence >= RETURN_EVIDENCE && returning.length >= MIN_RETURNING) {
    return { ...joinBase(tracked.base, [], returning), episode: null, change: NO_CHANGE };
  }
  const after = { ...episode, returning, evidence };
  return { ...tracked, episode: after, change: changeStateOf(after) };
}

/** Begins a change with the first night of a shift; earlier nights stay the base. */
function beginChange(seen: readonly NightValue[], shift: Shift, since: number): TrackedSeries {
  const { against, level, nights } = shift;
  const episode = { since, against, level, nights, returning: [], evidence: 0 };
  // If the base itself creeps, only its earliest nights are kept.
  const before = seen.slice(0, Math.max(shift.from, MIN_BASE_NIGHTS));
  return { ...joinBase(before, [], []), since: [], episode, change: changeStateOf(episode) };
}

/** Outside a change: the night joins the earlier ones, is suspect, or begins a change. */
function withoutChange({ base, since, change }: TrackedSeries, night: NightValue): TrackedSeries {
  const seen = [...base, ...since, night];
  const shift = shiftOf(seen.map(({ value }) => value));
  const first = shift === null ? undefined : seen[shift.from];
  if (shift === null || first === undefined) {
    return { ...joinBase(base, since, [night]), episode: null, change: NO_CHANGE };
  }
  const by = shift.level - shift.against.mean;
  const again = change.kind === 'suspect' && Math.sign(change.by) === Math.sign(by);
  // A change needs a second night in the same direction, however clear this one is.
  if (again && shift.strong) return beginChange(seen, shift, first.index);
  const suspect: ChangeState = { kind: 'suspect', by, since: first.index };
  return { ...joinBase(base, since, [night]), episode: null, change: suspect };
}

/** Pure: adds a night. `value` is the logarithm of its figure; null: it has none. */
export function addNight(
  tracked: TrackedSeries,
  value: number | null,
  index: number,
): TrackedSeries {
  if (value === null) return tracked;
  const night = { index, value };
  return tracked.episode === null
    ? withoutChange(tracked, night)
    : duringChange(tracked, tracked.episode, night);
}
