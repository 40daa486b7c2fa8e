import type { Job, Queue } from 'bullmq';
import { TICKS_QUEUE } from '../queue/names.ts';
import { notBefore, openQueue, type QueueDeps } from '../queue/short-jobs.ts';
import type { ScheduleRecord, Schedules } from '../store/schedules.ts';
import type { Ticker } from './ticker.ts';

/** A tick that is this much behind is not coming: its job is gone. */
const LOST_AFTER_MS = 60_000;

export interface TickJob {
  name: string;
}

export interface TickJobsDeps extends QueueDeps {
  schedules: Pick<Schedules, 'get' | 'names'>;
  ticker: Pick<Ticker, 'tick'>;
  nowMs: () => Promise<number>;
}

/**
 * Wakes the ticker in time, by BullMQ's job schedulers. They follow the stored schedules and decide
 * nothing: a job that comes for a pattern that has changed, or a second time, finds no tick due.
 */
export class TickJobs {
  readonly #deps: TickJobsDeps;
  readonly #queue: Queue<TickJob>;

  constructor(deps: TickJobsDeps) {
    this.#deps = deps;
    this.#queue = openQueue<TickJob>(TICKS_QUEUE, deps);
  }

  /** Brings the job scheduler of this name to what is stored. */
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
   * Every schedule once: ticks that were missed, what was left undone, job schedulers that do not
   * follow. At the start, and again and again, for a put may be cut off before its job scheduler.
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
