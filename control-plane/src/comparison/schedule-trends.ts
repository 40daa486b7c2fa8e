import type { Trend } from '@oversoak/contracts';
import type { Baselines } from '../store/baselines.ts';
import type { Night, NightCell, Nights } from '../store/nights.ts';
import type { Runs } from '../store/runs.ts';
import type { ScheduleRecord } from '../store/schedules.ts';
import type { SoakRecord } from '../store/soaks.ts';
import { storedCells } from './compare-stored.ts';
import { fingerprint, nightCell } from './night.ts';
import { newSuspects, trendOf } from './trend.ts';

export interface ScheduleTrendsDeps {
  nights: Pick<Nights, 'keep' | 'list' | 'changes'>;
  baselines: Pick<Baselines, 'list'>;
  runs: Pick<Runs, 'getAll' | 'result'>;
}

/** The trends of the schedules, computed from their stored nights. */
export class ScheduleTrends {
  readonly #deps: ScheduleTrendsDeps;

  constructor(deps: ScheduleTrendsDeps) {
    this.#deps = deps;
  }

  /** Stores the figures of a schedule's finished soak; idempotent. */
  async keep(
    schedule: string,
    soak: SoakRecord,
    tick: Pick<Night, 'tickAtMs' | 'cause'>,
  ): Promise<void> {
    const { nights, runs } = this.#deps;
    await nights.keep(schedule, await nightOfSoak(soak, tick, runs));
  }

  /** null: the schedule has no stored nights. */
  async trend(schedule: string): Promise<Trend | null> {
    const { nights, baselines } = this.#deps;
    return trendOf(schedule, await nights.list(schedule), await baselines.list());
  }

  /** Changes whenever the inputs of the trend change. */
  async version(schedule: string): Promise<string> {
    const { nights, baselines } = this.#deps;
    const pins = (await baselines.list()).filter((baseline) => baseline.schedule === schedule);
    return [await nights.changes(schedule), ...pins.map(({ pinnedAtMs }) => pinnedAtMs)].join();
  }

  /**
   * Readable names of the figures that are suspect since this soak; none if the schedule now
   * measures something else.
   */
  async newSuspects({ name, spec }: ScheduleRecord, soakId: string): Promise<string[]> {
    const { nights, baselines } = this.#deps;
    const kept = await nights.list(name);
    const night = kept.find((one) => one.soakId === soakId);
    if (night?.measures !== fingerprint(spec)) return [];
    const trend = trendOf(name, kept, await baselines.list());
    return trend === null ? [] : newSuspects(trend, soakId);
  }
}

/** The night to store for a schedule's finished soak. */
async function nightOfSoak(
  soak: SoakRecord,
  { tickAtMs, cause }: Pick<Night, 'tickAtMs' | 'cause'>,
  runs: Pick<Runs, 'getAll' | 'result'>,
): Promise<Night> {
  const cells: NightCell[] = [];
  for await (const { cell, compared } of storedCells(soak, runs)) {
    // The baseline's cells are not part of the night.
    if (cell.side === undefined) cells.push(nightCell(cell, compared));
  }
  return { soakId: soak.soakId, tickAtMs, cause, measures: fingerprint(soak.spec), cells };
}
