import type { TickCause } from '@oversoak/contracts';
import type { Log } from '../model/log.ts';
import { verdictOf } from '../run/soak-state.ts';
import type { Runs } from '../store/runs.ts';
import type { ScheduleRecord, Schedules, StoredEntry } from '../store/schedules.ts';
import type { SoakRecord, Soaks, StoredSoak } from '../store/soaks.ts';
import type { Deliveries } from './deliveries.ts';
import type { Ticker } from './ticker.ts';
import { soakDone } from './webhook-event.ts';

export interface SoakEndsDeps {
  soaks: Pick<Soaks, 'get' | 'ended' | 'hasEnded' | 'endNotified'>;
  runs: Pick<Runs, 'getAll'>;
  schedules: Pick<Schedules, 'get' | 'entry'>;
  deliveries: Pick<Deliveries, 'send'>;
  ticker: Pick<Ticker, 'confirm'>;
  trends: Trends;
  log: Log;
}

/** Trends of schedules, as the end of a soak uses them. */
export interface Trends {
  /** Stores the figures of a soak of the schedule. */
  keep(
    schedule: string,
    soak: SoakRecord,
    tick: { tickAtMs: number; cause: TickCause },
  ): Promise<void>;
  /** Readable names of the figures that are suspect since this soak. */
  newSuspects(schedule: ScheduleRecord, soakId: string): Promise<string[]>;
}

/** The most suspects named in a note; the rest are counted. */
const MAX_NAMED = 3;

/**
 * Notifies the followers of a schedule that its soak has ended: the webhook, and the trend. A soak
 * stays in the set of ended soaks from the end of its last run until the notification is
 * confirmed, so a control plane may die in between; notifying twice changes nothing.
 */
export class SoakEnds {
  readonly #deps: SoakEndsDeps;

  constructor(deps: SoakEndsDeps) {
    this.#deps = deps;
  }

  /** Does nothing for a soak that is not done, or whose notification is confirmed. */
  async notify(soakId: string): Promise<void> {
    const { soaks } = this.#deps;
    if (!(await soaks.hasEnded(soakId))) return;
    const stored = await soaks.get(soakId);
    if (stored !== null) await this.#notifySchedule(stored);
    await soaks.endNotified(soakId);
  }

  /** Sends the notifications that were interrupted. */
  async pass(): Promise<void> {
    for (const soakId of await this.#deps.soaks.ended()) {
      try {
        await this.notify(soakId);
      } catch (error) {
        this.#deps.log.error({ soakId, err: error }, 'notifying the end of a soak failed');
      }
    }
  }

  async #notifySchedule(stored: StoredSoak): Promise<void> {
    const { schedules } = this.#deps;
    const { soakId, origin } = stored.soak;
    if (origin.kind !== 'schedule') return;
    const { schedule: name, tickAtMs } = origin;
    // The schedule may have been deleted and created again without this entry.
    const entry = await schedules.entry(name, tickAtMs);
    if (entry === null) return;
    if (entry.soakId !== null && entry.soakId !== soakId) return;
    await this.#notifyWebhook(name, stored);
    await this.#checkTrend(name, stored, entry);
  }

  async #notifyWebhook(name: string, stored: StoredSoak): Promise<void> {
    const { runs, schedules, deliveries } = this.#deps;
    const { soakId, origin, runIds } = stored.soak;
    const verdict = verdictOf(stored);
    if (verdict === null || origin.kind !== 'schedule') return;
    const webhook = (await schedules.get(name))?.schedule.webhook;
    if (!webhook?.on.includes(verdict)) return;
    const ended = await runs.getAll(runIds);
    const atMs = Math.max(...ended.map(({ stateSinceMs }) => stateSinceMs));
    const end = { schedule: name, tickAtMs: origin.tickAtMs, soakId, verdict, runs: ended, atMs };
    await deliveries.send(soakDone(end));
  }

  /** Logs an unreadable result once, instead of failing and rereading it in every pass. */
  async #checkTrend(name: string, { soak }: StoredSoak, entry: StoredEntry): Promise<void> {
    const { trends, log } = this.#deps;
    const { soakId } = soak;
    try {
      await trends.keep(name, soak, entry);
    } catch (error) {
      log.error(
        { schedule: name, soakId, err: error },
        'could not read the results of a soak; the trend omits it',
      );
      return;
    }
    await this.#confirm(name, soakId, entry);
  }

  /** Submits a confirming soak if the trend suspects a regression and the schedule asks for it. */
  async #confirm(name: string, soakId: string, entry: StoredEntry): Promise<void> {
    const { schedules, ticker, trends } = this.#deps;
    const stored = await schedules.get(name);
    if (stored === null || !stored.schedule.confirmSuspects) return;
    // A confirming soak is not confirmed again; later nights decide.
    if (!stored.schedule.enabled || entry.cause === 'confirm') return;
    const suspects = await trends.newSuspects(stored.schedule, soakId);
    if (suspects.length === 0) return;
    const more = suspects.length > MAX_NAMED ? ` and ${suspects.length - MAX_NAMED} more` : '';
    const named = `${suspects.slice(0, MAX_NAMED).join(', ')}${more}`;
    await ticker.confirm(name, entry.tickAtMs, soakId, `${soakId} suggests a regression: ${named}`);
  }
}
