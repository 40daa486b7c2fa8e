import type { SoakSpec } from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import { percentText } from '../judge/text.ts';
import type { SoakRecord } from '../store/soaks.ts';
import type { StoredCell } from './cell-repeats.ts';
import type { Repeat } from './repeat.ts';

/** One side with its cells. */
export interface ReadSide {
  soak: Pick<SoakRecord, 'soakId' | 'spec'>;
  cells: readonly StoredCell[];
}

/** The most runs named in a note; the rest are counted. */
const MAX_NAMED = 5;

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

/** The part of a spec that affects figures: not its name, priority, baseline or expectations. */
export function measured({
  name: _,
  description: __,
  priority: ___,
  thresholds: ____,
  predictions: _____,
  against: ______,
  ...spec
}: SoakSpec) {
  return spec;
}

/** Fields that affect figures and differ between two specs; dotted paths, a list is one field. */
export function differingFields(left: SoakSpec, right: SoakSpec): string[] {
  return differing(measured(left), measured(right));
}

function leftOut({ soak, cells }: ReadSide): string[] {
  return leftOutNote(
    soak.soakId,
    cells.flatMap((cell) => cell.leftOut),
  );
}

export function leftOutNote(what: string, runs: readonly string[]): string[] {
  return runs.length === 0 ? [] : [`left out of ${what}: ${someOf(runs)}`];
}

/** So many messages without a latency may have been the slowest ones. */
const MAX_DISTURBED_PERCENT = 1;

/** `what` ends with a space, or is empty. */
export function disturbedNote(
  what: string,
  cells: readonly { key: string; repeats: readonly Repeat[] }[],
): string[] {
  const runs = cells.flatMap(({ key, repeats }) =>
    repeats
      .filter(({ disturbedPercent }) => disturbedPercent > MAX_DISTURBED_PERCENT)
      .map(
        ({ repeat, disturbedPercent }) => `${key} #${repeat} (${percentText(disturbedPercent)})`,
      ),
  );
  if (runs.length === 0) return [];
  return [
    `${what}standstills of the fleet disturbed more than ${MAX_DISTURBED_PERCENT} % of the ` +
      `messages, which are in no latency: ${someOf(runs)}`,
  ];
}

/** The first of many. */
function someOf(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(', ')}${more}`;
}

function gangs({ cells }: ReadSide): string[] {
  return distinct(cells.flatMap(({ repeats }) => repeats.map(({ gang }) => gang))).sort();
}

function gangNote(left: ReadSide, right: ReadSide): string[] {
  const [of, other] = [gangs(left), gangs(right)];
  if (of.length === 0 || other.length === 0) return [];
  if (of.join() === other.join()) {
    return of.length === 1 ? [] : [`the runs used several gangs: ${of.join('; ')}`];
  }
  return [`the sides ran on different gangs: ${of.join('; ')} against ${other.join('; ')}`];
}

/** Conditions of one night affect one side only, and repeats do not average them out. */
function nightsNote(left: ReadSide, right: ReadSide): string[] {
  if (left.soak.soakId === right.soak.soakId) return [];
  return [
    'the soaks ran one after the other; the intervals do not include what changed in between; ' +
      'to exclude it, pin one soak as a baseline and run the other with "against"',
  ];
}

const disturbedOf = ({ soak, cells }: ReadSide) => disturbedNote(`in ${soak.soakId} `, cells);

/** Caveats of a comparison of two. */
export function differenceNotes(left: ReadSide, right: ReadSide): string[] {
  const fields = differingFields(left.soak.spec, right.soak.spec);
  return [
    ...(fields.length === 0 ? [] : [`the specs differ in ${fields.join(', ')}`]),
    ...nightsNote(left, right),
    ...gangNote(left, right),
    ...distinct([...leftOut(left), ...leftOut(right)]),
    ...distinct([left, right].flatMap(disturbedOf)),
  ];
}
