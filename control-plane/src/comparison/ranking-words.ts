import {
  type Cell,
  type DifferenceMetric,
  metricRangeText,
  metricText,
  type RankedCell,
} from '@oversoak/contracts';
import { distinct } from '../judge/pooled.ts';
import { repeatsNeeded } from './ratio-of-repeats.ts';

/** The ranked metrics, and the words for the first cell of each ranking. */
export const RANKED = {
  'echo.latency.p50': { best: 'lowest', is: 'fastest by p50' },
  'echo.latency.p99': { best: 'lowest', is: 'fastest by p99' },
  'delivery.latency.p99': { best: 'lowest', is: 'fastest to the members of a zone by p99' },
  'sent.rate': { best: 'highest', is: 'highest by rate' },
  'server.cpuPerEcho': { best: 'lowest', is: 'cheapest by CPU' },
  'server.cpuPerDelivery': { best: 'lowest', is: 'cheapest by CPU per delivery' },
} as const satisfies Partial<Record<DifferenceMetric, { best: 'lowest' | 'highest'; is: string }>>;
export type RankedMetric = keyof typeof RANKED;

/** A pair of cells by their places in the ranking, the better one first. */
export interface Pair {
  better: number;
  worse: number;
}

type Named = RankedCell & { cell: Cell };

/** Fields in which ranked cells may differ; their sessions are equal. */
const PARTS = ['notifier', 'layout', 'containerLock', 'contentQueue'] as const;

/** Names a cell by the fields in which the ranked ones differ: `event` if all are homo. */
function nameAmong(cells: readonly Named[]): (cell: Named) => string {
  const varied = PARTS.filter(
    (part) => distinct(cells.map(({ cell }) => String(cell[part]))).length > 1,
  );
  return ({ cell, key }) => varied.flatMap((part) => cell[part] ?? []).join(' × ') || key;
}

const listed = (texts: readonly string[]) =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;

/**
 * Groups of cells that cannot be told apart; a cell that differs from all others is alone. Every
 * such pair shares a group, so a cell with widely scattered repeats may be in several.
 */
function alike(count: number, apart: readonly Pair[]): number[][] {
  const places = Array.from({ length: count }, (_, place) => place);
  const same = (one: number, other: number) =>
    !apart.some(
      ({ better, worse }) => better === Math.min(one, other) && worse === Math.max(one, other),
    );
  const groups: number[][] = [];
  for (const first of places) {
    const mates = places.filter((place) => place !== first && same(first, place));
    if (mates.length === 0) groups.push([first]);
    for (const mate of mates.filter((place) => place > first)) {
      if (groups.some((group) => group.includes(first) && group.includes(mate))) continue;
      const group = [first, mate];
      for (const more of mates) {
        if (!group.includes(more) && group.every((place) => same(place, more))) group.push(more);
      }
      groups.push(group.sort((a, b) => a - b));
    }
  }
  return groups;
}

/** The change that a ranking should detect, and a usual scatter of repeats. */
const WANTED = { change: 1.1, scatter: 0.05 };

function oneRepeat(metric: RankedMetric, cells: readonly Named[]): string {
  const { change, scatter } = WANTED;
  const needed = repeatsNeeded(change, scatter, (cells.length * (cells.length - 1)) / 2);
  const name = nameAmong(cells);
  const values = cells.map((cell) => `${name(cell)} ${metricText(metric, cell.value)}`);
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return (
    `one repeat cannot show which cell is ${RANKED[metric].is}: ${values.join(', ')}; ` +
    `to detect ${percent(change - 1)} between cells whose repeats scatter by ` +
    `${percent(scatter)}, run ${needed} repeats`
  );
}

/** A ranking in words. `cells`: best first. `apart`: the pairs that can be told apart. */
export function rankingWords(
  metric: RankedMetric,
  cells: readonly Named[],
  apart: readonly Pair[],
): string {
  if (cells.every(({ repeats }) => repeats < 2)) return oneRepeat(metric, cells);
  const name = nameAmong(cells);
  const named = new Set<number>();
  /** The first mention of a cell includes its figures. */
  const shown = (place: number, is = ''): string => {
    const cell = cells[place];
    if (cell === undefined) throw new Error(`no cell at place ${place} of a ranking`);
    if (named.has(place)) return name(cell);
    named.add(place);
    const { value, low, high } = cell;
    const range = low === null || high === null ? 'one repeat' : metricRangeText(metric, low, high);
    return `${name(cell)}${is} (${metricText(metric, value)}, ${range})`;
  };
  const { is } = RANKED[metric];
  const groups = alike(cells.length, apart);
  const [first = []] = groups;
  const leads = first.length === 1;
  const leader = leads ? shown(0, ` is ${is}`) : `no cell is shown to be ${is}`;
  const rest = groups
    .slice(leads ? 1 : 0)
    .map((places) =>
      places.length === 1
        ? `then ${places.map((place) => shown(place))}`
        : `${listed(places.map((place) => shown(place)))} cannot be told apart`,
    );
  return [leader, ...rest].join('; ');
}
