import type { TickCause } from '@oversoak/contracts';
import type { Log } from '../model/log.ts';
import { verdictOf } from '../run/soak-state.ts';
import type { Runs } from '../store/runs.ts';
import type { ScheduleRecord, Schedules, StoredEntry } from '../store/schedules.ts';
import type { SoakRecord, Soaks, StoredSoak } from '../store/soaks.ts';
import type { Deliveries } from './deliveries.ts';
import type { Ticker } from './ticker.ts';
import { soakDone } from './webhook-event.ts';

export interface SoakEndsParts {
  soaks: Pick<Soaks, 'get' | 'ended' | 'hasEnded' | 'endTold'>;
  runs: Pick<Runs, 'getAll'>;
  schedules: Pick<Schedules, 'get' | 'entry'>;
  deliveries: Pick<Deliveries, 'send'>;
  ticker: Pick<Ticker, 'confirm'>;
  trends: Trends;
  log: Log;
}

/** The trends of the schedules, as far as the end of a soak concerns them. */
export interface Trends {
  /** Keeps the figures of a soak of the schedule. */
  keep(
    schedule: string,
    soak: SoakRecord,
    tick: { tickAtMs: number; cause: TickCause },
  ): Promise<void>;
  /** What this soak makes suspect and the one before did not, for a person. */
  newSuspects(schedule: ScheduleRecord, soakId: string): Promise<string[]>;
}

/** Suspects that a note names before it only counts. */
const MOST_NAMED = 3;

/**
 * Tells that a soak is done to whom it concerns: the webhook and the trend of its schedule. A soak
 * stands in the set of those that ended from the moment in which its last run is done until it is
 * told, so a control plane may die in between; telling twice changes nothing.
 */
export class SoakEnds {
  readonly #parts: SoakEndsParts;

  constructor(parts: SoakEndsParts) {
    this.#parts = parts;
  }

  /** Does nothing for a soak that is not done, or is told of. */
  async tell(soakId: string): Promise<void> {
    const { soaks } = this.#parts;
    if (!(await soaks.hasEnded(soakId))) return;
    const stored = await soaks.get(soakId);
    if (stored !== null) await this.#tellSchedule(stored);
    await soaks.endTold(soakId);
  }

  /** Tells what whoever ended it did not live to tell. */
  async pass(): Promise<void> {
    for (const soakId of await this.#parts.soaks.ended()) {
      try {
        await this.tell(soakId);
      } catch (error) {
        this.#parts.log.error({ soakId, err: error }, 'telling the end of a soak failed');
      }
    }
  }

  async #tellSchedule(stored: StoredSoak): Promise<void> {
    const { schedules } = this.#parts;
    const { soakId, origin } = stored.soak;
    if (origin.kind !== 'schedule') return;
    const { schedule: name, tickAtMs } = origin;
    // A schedule of the same name that was put after this one was deleted has no such entry.
    const entry = await schedules.entry(name, tickAtMs);
    if (entry === null) return;
    if (entry.soakId !== null && entry.soakId !== soakId) return;
    await this.#tellWebhook(name, stored);
    await this.#tellTrend(name, stored, entry);
  }

  async #tellWebhook(name: string, stored: StoredSoak): Promise<void> {
    const { runs, schedules, deliveries } = this.#parts;
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

  /** A result that cannot be read must not be read again every second: it is said once. */
  async #tellTrend(name: string, { soak }: StoredSoak, entry: StoredEntry): Promise<void> {
    const { trends, log } = this.#parts;
    const { soakId } = soak;
    try {
      await trends.keep(name, soak, entry);
    } catch (error) {
      log.error({ schedule: name, soakId, err: error }, 'the trend goes without this soak');
      return;
    }
    await this.#confirm(name, soakId, entry);
  }

  /** One more soak where the trend has come to suspect a regression, if the schedule wants it. */
  async #confirm(name: string, soakId: string, entry: StoredEntry): Promise<void> {
    const { schedules, ticker, trends } = this.#parts;
    const stored = await schedules.get(name);
    if (stored === null || !stored.schedule.confirmSuspects) return;
    // What confirms is not confirmed in turn: the nights to come decide then.
    if (!stored.schedule.enabled || entry.cause === 'confirm') return;
    const suspects = await trends.newSuspects(stored.schedule, soakId);
    if (suspects.length === 0) return;
    const more = suspects.length > MOST_NAMED ? ` and ${suspects.length - MOST_NAMED} more` : '';
    const named = `${suspects.slice(0, MOST_NAMED).join(', ')}${more}`;
    await ticker.confirm(name, entry.tickAtMs, soakId, `${soakId} makes suspect: ${named}`);
  }
}
