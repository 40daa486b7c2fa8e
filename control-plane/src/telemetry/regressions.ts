import type { Trend } from '@oversoak/contracts';
import type { ScheduleTrends } from '../comparison/schedule-trends.ts';
import type { Log } from '../model/log.ts';
import type { RegressionCounts } from '../store/regressions.ts';

export interface RegressionsDeps {
  counts: Pick<RegressionCounts, 'all' | 'put' | 'delete'>;
  /** Names of the schedules that are reported. */
  schedules: () => Promise<readonly string[]>;
  trends: Pick<ScheduleTrends, 'trend' | 'version'>;
  /** Whether it is this control plane that works them out. */
  exports: () => boolean;
  log: Log;
}

/** How many figures of the schedule became worse. */
const regressionsOf = ({ series }: Trend) =>
  series.filter(({ state }) => state === 'regression').length;

/**
 * Works out the trend of a schedule once for each soak that it has done and each pin that moves its
 * base: that reads many nights.
 */
export class Regressions {
  readonly #deps: RegressionsDeps;

  constructor(deps: RegressionsDeps) {
    this.#deps = deps;
  }

  async pass(): Promise<void> {
    const { counts, schedules, trends, exports } = this.#deps;
    if (!exports()) return;
    const known = await counts.all();
    const names = new Set(await schedules());
    for (const name of names) {
      const version = await trends.version(name);
      if (known.get(name)?.version === version) continue;
      await counts.put(name, { version, figures: await this.#count(name) });
    }
    for (const name of known.keys()) if (!names.has(name)) await counts.delete(name);
  }

  /** null: it failed; tried again with the next version, and not every time it is looked at. */
  async #count(schedule: string): Promise<number | null> {
    const { trends, log } = this.#deps;
    try {
      const found = await trends.trend(schedule);
      return found === null ? null : regressionsOf(found);
    } catch (error) {
      log.error({ schedule, err: error }, 'the trend of a schedule could not be worked out');
      return null;
    }
  }
}
