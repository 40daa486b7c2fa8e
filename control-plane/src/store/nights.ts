import type { DifferenceMetric, TickCause, Verdict } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { nightsKey, scheduleKey } from './names.ts';
import { script } from './script.ts';

export interface NightCell {
  key: string;
  verdict: Verdict | null;
  /** Labels of the environments of its sound runs. */
  platform: string[];
  /** Of its sound runs; what is missing was not measured. */
  figures: Partial<Record<DifferenceMetric, number>>;
}

/** What is kept of a soak of a schedule for its trend. */
export interface Night {
  soakId: string;
  tickAtMs: number;
  cause: TickCause;
  /** The same for soaks whose specs measure the same. */
  measures: string;
  cells: NightCell[];
}

/** Of a schedule; the oldest go first. */
export const NIGHTS_KEPT = 2000;

const keepNight = script<
  Record<'schedule' | 'nights', string>,
  { tickAtMs: number; night: string; kept: number },
  0 | 1
>(import.meta.url, 'keep-night.lua');

/**
 * The figures of each schedule's soaks. They outlive the soaks: a trend's base must not vanish with
 * what retention deletes.
 */
export class Nights {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Keeping one again changes nothing. False: the schedule is gone. */
  async keep(schedule: string, night: Night): Promise<boolean> {
    const keys = { schedule: scheduleKey(schedule), nights: nightsKey(schedule) };
    const { tickAtMs } = night;
    const args = { tickAtMs, night: JSON.stringify(night), kept: NIGHTS_KEPT };
    return (await keepNight(this.#redis, keys, args)) === 1;
  }

  /** Oldest first. */
  async list(schedule: string): Promise<Night[]> {
    const nights = await this.#redis.zrange(nightsKey(schedule), '0', '-1');
    return nights.map((night) => JSON.parse(night) as Night);
  }

  /** How often one was kept: another number, another trend. */
  async changes(schedule: string): Promise<number> {
    return Number((await this.#redis.hget(scheduleKey(schedule), 'nightsKept')) ?? 0);
  }
}
