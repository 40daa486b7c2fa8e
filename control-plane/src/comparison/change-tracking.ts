import { mean } from 'simple-statistics';
import {
  BASE_NIGHTS,
  MAX_SINCE,
  MIN_BASE_NIGHTS,
  type Reference,
  type Shift,
  shiftOf,
} from './change-detection.ts';

/** The statement about a series after a night. */
export interface Said {
  word: 'none' | 'suspect' | 'changed';
  /** Logarithm of how far the nights since then are from the base; 0: none. */
  by: number;
  /** Index of the first night of the change; null: none. */
  since: number | null;
}

interface Seen {
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
  returning: readonly Seen[];
  evidence: number;
}

/** The state of a series after the nights so far. */
export interface Course {
  /** The first nights without a change, at most BASE_NIGHTS. */
  base: readonly Seen[];
  /** The latest nights after the base, or after the last change, without a change. */
  since: readonly Seen[];
  episode: Episode | null;
  said: Said;
}

const NOTHING: Said = { word: 'none', by: 0, since: null };

export const BEGINNING: Course = { base: [], since: [], episode: null, said: NOTHING };

/** Log-likelihood ratio that ends a change: the base is then e^5 = 150 times likelier. */
const RETURN_EVIDENCE = 5;
/** A single night near the base may be chance. */
const MIN_RETURNING = 2;
/** A night is clipped at this many deviations beyond either level. */
const MAX_BEYOND = 3;

const saidOf = ({ since, level, against }: Episode): Said => ({
  word: 'changed',
  by: level - against.mean,
  since,
});

/** Nights without a change join the base until it is full. */
function joined(base: readonly Seen[], since: readonly Seen[], nights: readonly Seen[]) {
  const all = [...base, ...since, ...nights];
  return {
    base: all.slice(0, BASE_NIGHTS),
    since: all.slice(BASE_NIGHTS).slice(-MAX_SINCE),
  };
}

/** During a change: the night is evidence for the change or for a return to the base. */
function within(course: Course, episode: Episode, night: Seen): Course {
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
    return { ...course, episode: after, said: saidOf(after) };
  }
  const returning = [...episode.returning, night];
  if (evidence >= RETURN_EVIDENCE && returning.length >= MIN_RETURNING) {
    return { ...joined(course.base, [], returning), episode: null, said: NOTHING };
  }
  const after = { ...episode, returning, evidence };
  return { ...course, episode: after, said: saidOf(after) };
}

/** Begins a change with the first night of a shift; earlier nights stay the base. */
function begun(seen: readonly Seen[], shift: Shift, since: number): Course {
  const { against, level, nights } = shift;
  const episode = { since, against, level, nights, returning: [], evidence: 0 };
  // If the base itself creeps, only its earliest nights are kept.
  const before = seen.slice(0, Math.max(shift.from, MIN_BASE_NIGHTS));
  return { ...joined(before, [], []), since: [], episode, said: saidOf(episode) };
}

/** Outside a change: the night joins the earlier ones, is suspect, or begins a change. */
function outside({ base, since, said }: Course, night: Seen): Course {
  const seen = [...base, ...since, night];
  const shift = shiftOf(seen.map(({ value }) => value));
  const first = shift === null ? undefined : seen[shift.from];
  if (shift === null || first === undefined) {
    return { ...joined(base, since, [night]), episode: null, said: NOTHING };
  }
  const by = shift.level - shift.against.mean;
  const again = said.word === 'suspect' && Math.sign(said.by) === Math.sign(by);
  // A change needs a second night in the same direction, however clear this one is.
  if (again && shift.strong) return begun(seen, shift, first.index);
  const suspect: Said = { word: 'suspect', by, since: first.index };
  return { ...joined(base, since, [night]), episode: null, said: suspect };
}

/** Pure: adds a night. `value` is the logarithm of its figure; null: it has none. */
export function next(course: Course, value: number | null, index: number): Course {
  if (value === null) return course;
  const night = { index, value };
  return course.episode === null ? outside(course, night) : within(course, course.episode, night);
}
