import type { Job, Queue, RepeatOptions } from 'bullmq';
import { TICKS_QUEUE } from '../queue/names.ts';
import { notBefore, openQueue, type QueueDeps } from '../queue/short-jobs.ts';
import type { ScheduleRecord, Schedules } from '../store/schedules.ts';
import { nextTick } from './cron.ts';
import type { Ticker } from './ticker.ts';

/** If a tick is overdue by more than this, its job was lost. */
const LOST_AFTER_MS = 60_000;

/** Makes BullMQ wake at the ticks that the schedules decide on; for the queue and its workers. */
export const BY_CRON = {
  settings: {
    repeatStrategy: (afterMs: number, { pattern = '', tz = 'UTC' }: RepeatOptions) =>
      nextTick(pattern, tz, afterMs),
  },
};

export interface TickJob {
  name: string;
}

export interface TickJobsDeps extends QueueDeps {
  schedules: Pick<Schedules, 'get' | 'names'>;
  ticker: Pick<Ticker, 'tick'>;
  nowMs: () => Promise<number>;
}

/**
 * Wakes the ticker through BullMQ's job schedulers, which follow the stored schedules and decide
 * nothing: an outdated or repeated job finds no tick due.
 */
export class TickJobs {
  readonly #deps: TickJobsDeps;
  readonly #queue: Queue<TickJob>;

  constructor(deps: TickJobsDeps) {
    this.#deps = deps;
    this.#queue = openQueue<TickJob>(TICKS_QUEUE, deps, BY_CRON);
  }

  /** Updates the job scheduler of this name from the stored schedule. */
  async follow(name: string): Promise<void> {
    const stored = await this.#deps.schedules.get(name);
    if (stored === null || !stored.schedule.enabled) {
      await this.#queue.removeJobScheduler(name);
    } else if (!(await this.#follows(stored.schedule))) {
      const { cron: pattern, timeZone: tz } = stored.schedule;
      const opts = { removeOnComplete: true, removeOnFail: true };
      await this.#queue.upsertJobScheduler(
        name,
        { pattern, tz },
        { name: 'tick', data: { name }, opts },
      );
    }
  }

  /**
   * Checks every schedule for missed ticks, unfinished work and outdated job schedulers. Runs at
   * start and regularly, because a put may be interrupted before it updates its job scheduler.
   */
  async pass(): Promise<void> {
    const { schedules, ticker, log } = this.#deps;
    const names = await schedules.names();
    const known = await this.#queue.getJobSchedulers();
    for (const name of new Set([...names, ...known.map(({ key }) => key)])) {
      try {
        await ticker.tick(name);
        await this.follow(name);
      } catch (error) {
        log.error({ schedule: name, err: error }, 'could not process a schedule; retrying');
      }
    }
  }

  async #follows({ name, cron, timeZone }: ScheduleRecord): Promise<boolean> {
    const known = await this.#queue.getJobScheduler(name);
    if (known?.pattern !== cron || known.tz !== timeZone) return false;
    return (known.next ?? 0) > Date.now() - LOST_AFTER_MS;
  }

  async take(job: Job<TickJob>, token: string | undefined): Promise<void> {
    const { ticker, nowMs } = this.#deps;
    await notBefore(job.opts.prevMillis ?? 0, await nowMs(), job, token);
    await ticker.tick(job.data.name);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
