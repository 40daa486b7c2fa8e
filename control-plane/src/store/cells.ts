import { VERDICTS, type Verdict } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import type { CellFigures } from '../model/cell-figures.ts';
import { CELLS_KEY } from './names.ts';

/** All-time run counts of a cell under one soak name, including deleted soaks. */
export interface CellTally {
  soakName: string;
  /** The schedule that submitted the soak; null: a user did. */
  schedule: string | null;
  /** Key of the cell. */
  cell: string;
  notifier: string;
  layout: string;
  verdicts: Record<Verdict, number>;
  /** Figures of its last complete run with a sound load; null before the first. */
  figures: CellFigures | null;
}

/** The most cells kept; the least recently run one is evicted. */
export const MAX_CELLS = 400;

/** As `store-run.lua` writes it; `figures` is JSON in JSON, since Lua does not distinguish [] from {}. */
interface Stored extends Partial<Record<Verdict, number>> {
  soakName: string;
  schedule: string;
  cell: string;
  notifier: string;
  layout: string;
  atMs: number;
  figures?: string;
}

export class Cells {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async list(): Promise<CellTally[]> {
    return (await this.#redis.hvals(CELLS_KEY)).map((text) => {
      const { soakName, schedule, cell, notifier, layout, figures, ...counts } = JSON.parse(
        text,
      ) as Stored;
      const verdicts = VERDICTS.map((verdict) => [verdict, counts[verdict] ?? 0] as const);
      return {
        soakName,
        schedule: schedule === '' ? null : schedule,
        cell,
        notifier,
        layout,
        verdicts: Object.fromEntries(verdicts) as Record<Verdict, number>,
        figures: figures === undefined ? null : (JSON.parse(figures) as CellFigures),
      };
    });
  }
}
