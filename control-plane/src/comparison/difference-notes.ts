import type { CellDifference, SoakSpec } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { LEAST_WINDOWS } from './bootstrap.ts';
import { LEAST_PAIRS, type Noise } from './noise.ts';
import type { StoredCell } from './observe-stored.ts';

/** One side as it was observed. */
export interface ObservedSide {
  soak: SoakRecord;
  cells: readonly StoredCell[];
}

/** Runs that a note names before it only counts. */
const MOST_NAMED = 5;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function differing(left: unknown, right: unknown, path = ''): string[] {
  if (isObject(left) && isObject(right)) {
    const names = distinct([...Object.keys(left), ...Object.keys(right)]);
    return names.flatMap((name) =>
      differing(left[name], right[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [path];
}

/** What of a spec measures: its name, its turn, what it is held against and what was expected change no figure. */
export function measured({
  name: _,
  description: __,
  priority: ___,
  thresholds: ____,
  predictions: _____,
  ...spec
}: SoakSpec) {
  return spec;
}

/** Fields in which two specs measure something else, as dotted paths; a list is one field. */
export function differingFields(left: SoakSpec, right: SoakSpec): string[] {
  return differing(measured(left), measured(right));
}

function leftOut({ soak, cells }: ObservedSide): string[] {
  const all = cells.flatMap((cell) => cell.leftOut);
  if (all.length === 0) return [];
  const more = all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : '';
  return [`left out of ${soak.soakId}: ${all.slice(0, MOST_NAMED).join(', ')}${more}`];
}

function gangs({ cells }: ObservedSide): string[] {
  return distinct(cells.flatMap(({ runs }) => runs.map(({ gang }) => gang))).sort();
}

function gangNote(left: ObservedSide, right: ObservedSide): string[] {
  const [of, other] = [gangs(left), gangs(right)];
  if (of.length === 0 || other.length === 0) return [];
  if (of.join() === other.join()) {
    return of.length === 1 ? [] : [`runs were spread over several gangs: ${of.join('; ')}`];
  }
  return [`the sides ran on other gangs: ${of.join('; ')} against ${other.join('; ')}`];
}

/** A ratio of noise beyond which hardly anything would be seen any more. */
const WIDE_FLOOR = 1.5;

/** One disturbed repeat of an A/A soak would silence every comparison on its gang. */
function wideFloorNote(cells: readonly CellDifference[]): string[] {
  const metrics = cells.flatMap((cell) => cell.metrics);
  const wide = metrics.filter(({ noiseFloor }) => (noiseFloor?.high ?? 1) > WIDE_FLOOR);
  if (wide.length === 0) return [];
  const names = distinct(wide.map(({ metric }) => metric)).join(', ');
  return [
    `the noise floor of ${names} is beyond 50 %, so that little is seen below it: something may ` +
      'have disturbed the A/A soak; run it again',
  ];
}

function noiseNote(noise: Noise | null, cells: readonly CellDifference[]): string[] {
  if (cells.every(({ metrics }) => metrics.every(({ windows }) => windows === 0))) return [];
  if (noise !== null) return wideFloorNote(cells);
  return [
    'no noise floor: no A/A soak is known of one gang that both sides ran on; to measure it, ' +
      `submit a spec with "noiseFloor: true" and at least ${LEAST_PAIRS} cells × repeats there`,
  ];
}

function evidenceNotes(cells: readonly CellDifference[], windowSeconds: number): string[] {
  const metrics = cells.flatMap((cell) => cell.metrics);
  const known = metrics.filter(({ ratio }) => ratio !== null);
  const few = known.some(({ windows }) => windows < LEAST_WINDOWS);
  const once = known.some(({ repeats, low }) => repeats === 1 && low !== null);
  return [
    ...(few
      ? [
          `unknown where a side has fewer than ${LEAST_WINDOWS} windows; they are of ` +
            `${windowSeconds} s here: measure longer, or repeat`,
        ]
      : []),
    ...(once
      ? ['one repeat alone does not show how far repeats lie apart: its intervals are too narrow']
      : []),
  ];
}

/** What to know before reading a comparison of two. */
export function differenceNotes(
  left: ObservedSide,
  right: ObservedSide,
  cells: readonly CellDifference[],
  noise: Noise | null,
  windowSeconds: number,
): string[] {
  const fields = differingFields(left.soak.spec, right.soak.spec);
  return [
    ...(fields.length === 0 ? [] : [`the specs differ in ${fields.join(', ')}`]),
    ...gangNote(left, right),
    ...distinct([...leftOut(left), ...leftOut(right)]),
    ...evidenceNotes(cells, windowSeconds),
    ...noiseNote(noise, cells),
  ];
}
