import type { DifferenceMetric, TickCause, Verdict } from '@oversoak/contracts';
import type { Redis } from 'ioredis';
import { nightsKey, scheduleKey } from './names.ts';
import { script } from './script.ts';

export interface NightCell {
  key: string;
  verdict: Verdict | null;
  /** Labels of the environments of its sound runs. */
  platform: string[];
  /** Figures of its sound runs; a missing figure was not measured. */
  figures: Partial<Record<DifferenceMetric, number>>;
}

/** A schedule's soak as a point of its trend. */
export interface Night {
  soakId: string;
  tickAtMs: number;
  cause: TickCause;
  /** Fingerprint of the measured part of the spec; soaks with equal ones are comparable. */
  measures: string;
  cells: NightCell[];
}

/** The most nights kept for a schedule; the oldest are deleted first. */
export const NIGHTS_KEPT = 2000;

const keepNight = script<
  Record<'schedule' | 'nights', string>,
  { tickAtMs: number; night: string; kept: number },
  0 | 1
>(import.meta.url, 'keep-night.lua');

/**
 * The figures of each schedule's soaks. They outlive the soaks, because the base of a trend must
 * survive retention.
 */
export class Nights {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Idempotent. False: the schedule does not exist. */
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

  /** Counts every stored night, so that a changed number means a changed trend. */
  async changes(schedule: string): Promise<number> {
    return Number((await this.#redis.hget(scheduleKey(schedule), 'nightsKept')) ?? 0);
  }
}
