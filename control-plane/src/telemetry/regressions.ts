import type { Trend } from '@oversoak/contracts';
import type { ScheduleTrends } from '../comparison/schedule-trends.ts';
import type { Log } from '../model/log.ts';
import type { RegressionCounts } from '../store/regressions.ts';

export interface RegressionsDeps {
  counts: Pick<RegressionCounts, 'all' | 'put' | 'delete'>;
  /** Names of the schedules to report. */
  schedules: () => Promise<readonly string[]>;
  trends: Pick<ScheduleTrends, 'trend' | 'version'>;
  /** Whether this control plane computes and exports them. */
  exports: () => boolean;
  log: Log;
}

/** The number of regressed figures. */
const regressionsOf = ({ series }: Trend) =>
  series.filter(({ state }) => state === 'regression').length;

/**
 * Computes the trend of a schedule once per finished soak and per pin that moves its base, because
 * it reads many nights.
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

  /** null: it failed; retried only with the next version. */
  async #count(schedule: string): Promise<number | null> {
    const { trends, log } = this.#deps;
    try {
      const found = await trends.trend(schedule);
      return found === null ? null : regressionsOf(found);
    } catch (error) {
      log.error({ schedule, err: error }, 'could not compute the trend of a schedule');
      return null;
    }
  }
}
