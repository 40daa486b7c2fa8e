import type { Log } from '../log.ts';
import { verdictOf } from '../run/soak-state.ts';
import type { Runs } from '../store/runs.ts';
import type { Schedules } from '../store/schedules.ts';
import type { Soaks, StoredSoak } from '../store/soaks.ts';
import type { Deliveries } from './deliveries.ts';
import { soakDone } from './webhook-event.ts';

export interface SoakEndsParts {
  soaks: Pick<Soaks, 'get' | 'ended' | 'hasEnded' | 'endTold'>;
  runs: Pick<Runs, 'getAll'>;
  schedules: Pick<Schedules, 'get' | 'entry'>;
  deliveries: Pick<Deliveries, 'send'>;
  log: Log;
}

/**
 * Tells that a soak is done to whom it concerns: the webhook of its schedule. A soak stands in the
 * set of those that ended from the moment in which its last run is done until it is told, so a
 * control plane may die in between; telling twice changes nothing.
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
    const { runs, schedules, deliveries } = this.#parts;
    const { soakId, origin, runIds } = stored.soak;
    if (origin.kind !== 'schedule') return;
    const { schedule: name, tickAtMs } = origin;
    // A schedule of the same name that was put after this one was deleted has no such entry.
    const entry = await schedules.entry(name, tickAtMs);
    const verdict = verdictOf(stored);
    if (entry === null || verdict === null) return;
    if (entry.soakId !== null && entry.soakId !== soakId) return;
    const webhook = (await schedules.get(name))?.schedule.webhook;
    if (!webhook?.on.includes(verdict)) return;
    const ended = await runs.getAll(runIds);
    const atMs = Math.max(...ended.map(({ stateSinceMs }) => stateSinceMs));
    const end = { schedule: name, tickAtMs, soakId, verdict, runs: ended, atMs };
    await deliveries.send(soakDone(end));
  }
}
