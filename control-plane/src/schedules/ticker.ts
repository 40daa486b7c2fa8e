import type { Problem } from '@oversoak/contracts';
import type { Log } from '../model/log.ts';
import { stateOf } from '../run/soak-state.ts';
import type { Schedules, StoredEntry, StoredSchedule } from '../store/schedules.ts';
import type { RequestKey, Soaks } from '../store/soaks.ts';
import type { Submission, Submitted } from '../submit/submit.ts';
import { dueTick } from './cron.ts';
import { decideTick, type LastSoak } from './decide.ts';
import type { Deliveries } from './deliveries.ts';
import { soakRefused } from './webhook-event.ts';

export interface TickerDeps {
  schedules: Pick<
    Schedules,
    'get' | 'addEntry' | 'entry' | 'pending' | 'settleEntry' | 'dropEntry'
  >;
  soaks: Pick<Soaks, 'get' | 'createdBy'>;
  submit: (spec: StoredSchedule['schedule']['spec'], as: Submission) => Promise<Submitted>;
  deliveries: Pick<Deliveries, 'send'>;
  nowMs: () => Promise<number>;
  log: Log;
}

/** Writers that meet at one schedule are few: puts, its ticks, a second instance. */
const MAX_CONFLICTS = 100;

/**
 * Makes soaks of ticks. First it is written down, once, what is to become of a tick; then its soak
 * is submitted under the tick's own request key, which makes it once; then that is written down as
 * well. So a tick may be taken twice or by two, and whoever takes it may die at any point: the next
 * look at the schedule completes it.
 */
export class Ticker {
  readonly #deps: TickerDeps;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
  }

  /** Looks at a schedule: the soak of its newest tick that is due, and what was left undone. */
  async tick(name: string): Promise<void> {
    const { schedules, nowMs } = this.#deps;
    await this.#settlePending(name);
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const stored = await schedules.get(name);
      if (stored === null || !stored.schedule.enabled) return;
      const { cron, timeZone, overlap } = stored.schedule;
      const now = await nowMs();
      const due = dueTick(cron, timeZone, stored.tickedUntilMs, now);
      if (due === null) return;
      const { tickAtMs } = due;
      const decision = decideTick(due, overlap, await this.#last(stored), now);
      const request = { key: `schedule-${name}-${tickAtMs}`, fingerprint: 'tick' };
      const entry = { tickAtMs, ...decision, soakId: null, webhook: null, request };
      const added = await schedules.addEntry(stored, entry, true);
      if (added === 'changed') continue;
      if (added === 'added' && entry.outcome === 'pending') await this.#settle(stored, entry);
      return;
    }
    throw new Error(`${name}: ${MAX_CONFLICTS} other writers in a row while at its tick`);
  }

  /** A soak of the schedule now, whatever its ticks and overlap say; null without the schedule. */
  async run(name: string, request: RequestKey, trace?: string): Promise<Submitted | null> {
    const { schedules, soaks, nowMs } = this.#deps;
    const before = await soaks.createdBy(request);
    if (before !== null) return before;
    let tickAtMs = Math.floor(await nowMs());
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const stored = await schedules.get(name);
      if (stored === null) return null;
      // A whole second may be a tick's.
      if (tickAtMs % 1000 === 0) tickAtMs += 1;
      const entry: StoredEntry = {
        tickAtMs,
        ...{ cause: 'manual', outcome: 'pending', soakId: null },
        ...{ note: '', webhook: null, request },
      };
      const added = await schedules.addEntry(stored, entry, false);
      if (added === 'added') return await this.#settle(stored, entry, trace);
      if (added === 'taken') tickAtMs += 1;
    }
    throw new Error(`${name}: ${MAX_CONFLICTS} other writers in a row while at a run`);
  }

  /**
   * A soak of the schedule once more, because the one of this tick made its trend suspect a
   * regression: once, however often and by however many it is asked for. All of them try the same
   * moments in the same order, so the first entry that is written is the one that all find.
   */
  async confirm(name: string, tickAtMs: number, soakId: string, note: string): Promise<void> {
    const { schedules } = this.#deps;
    const request: RequestKey = { key: `confirm-${soakId}`, fingerprint: 'confirm' };
    let atMs = tickAtMs + 1;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const stored = await schedules.get(name);
      if (stored === null) return;
      const entry: StoredEntry = {
        tickAtMs: atMs,
        ...{ cause: 'confirm', outcome: 'pending', soakId: null },
        ...{ note, webhook: null, request },
      };
      const added = await schedules.addEntry(stored, entry, false);
      if (added === 'added') {
        await this.#settle(stored, entry);
        return;
      }
      if (added === 'changed') continue;
      // What is left undone of it is completed by the next look at the schedule.
      if ((await schedules.entry(name, atMs))?.request.key === request.key) return;
      atMs += 1;
    }
    throw new Error(`${name}: ${MAX_CONFLICTS} other writers in a row while at a confirming soak`);
  }

  async #last({ lastSoakId }: StoredSchedule): Promise<LastSoak | null> {
    const last = lastSoakId === null ? null : await this.#deps.soaks.get(lastSoakId);
    return last && { soakId: last.soak.soakId, done: stateOf(last) === 'done' };
  }

  async #settlePending(name: string): Promise<void> {
    const { schedules, log } = this.#deps;
    for (const entry of await schedules.pending(name)) {
      const stored = await schedules.get(name);
      if (stored === null) return;
      log.warn({ schedule: name, tickAtMs: entry.tickAtMs }, 'a tick was left undone; doing it');
      await this.#settle(stored, entry);
    }
  }

  async #settle(
    { schedule }: StoredSchedule,
    entry: StoredEntry,
    trace?: string,
  ): Promise<Submitted> {
    const { schedules, soaks, submit, log } = this.#deps;
    const { name, spec } = schedule;
    const { tickAtMs, request } = entry;
    const origin = { kind: 'schedule', schedule: name, tickAtMs } as const;
    const submitted = await submit(spec, { origin, request, trace });
    if ('problems' in submitted) {
      await this.#refused(schedule, entry, submitted.problems);
      return submitted;
    }
    const soak = 'soakId' in submitted ? await soaks.get(submitted.soakId) : null;
    const made = soak?.soak.origin;
    if (made?.kind !== 'schedule' || made.schedule !== name || made.tickAtMs !== tickAtMs) {
      // The same request came twice at once, and the other has the entry.
      await schedules.dropEntry(name, tickAtMs);
      return submitted;
    }
    const soakId = soak?.soak.soakId ?? null;
    await schedules.settleEntry(name, { ...entry, outcome: 'submitted', soakId });
    log.info({ schedule: name, tickAtMs, cause: entry.cause, soakId }, 'soak of a schedule');
    return submitted;
  }

  /** A manual run reports its outcome to the caller; a tick, in the history and by webhook. */
  async #refused(
    { name, webhook }: StoredSchedule['schedule'],
    entry: StoredEntry,
    problems: readonly Problem[],
  ): Promise<void> {
    const { schedules, deliveries, nowMs, log } = this.#deps;
    const { tickAtMs } = entry;
    if (entry.cause === 'manual') return await schedules.dropEntry(name, tickAtMs);
    const why = problems.map(({ pointer, detail }) => `${pointer} ${detail}`.trim()).join('; ');
    log.warn({ schedule: name, tickAtMs, problems }, 'the soak of a tick was refused');
    if (webhook?.on.includes('inconclusive')) {
      await deliveries.send(soakRefused(name, tickAtMs, why, await nowMs()));
    }
    const note = [entry.note, why].filter((text) => text !== '').join('; ');
    await schedules.settleEntry(name, { ...entry, outcome: 'refused', note });
  }
}
