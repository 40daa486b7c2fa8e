import type { Problem } from '@oversoak/contracts';
import type { Log } from '../model/log.ts';
import { stateOf } from '../run/soak-state.ts';
import type { Schedules, StoredEntry, StoredSchedule } from '../store/schedules.ts';
import type { RequestKey, Soaks } from '../store/soaks.ts';
import type { Submission, Submitted } from '../submit/submit.ts';
import { dueTick } from './cron.ts';
import type { Deliveries } from './deliveries.ts';
import { decideTick, type LastSoak } from './tick-decision.ts';
import { soakRefused } from './webhook-event.ts';

export interface TickerDeps {
  schedules: Pick<
    Schedules,
    'get' | 'addEntry' | 'entry' | 'pending' | 'settleEntry' | 'dropEntry'
  >;
  soaks: Pick<Soaks, 'get' | 'createdBy'>;
  submit: (
    spec: StoredSchedule['schedule']['spec'],
    as: Omit<Submission, 'account'> & { owner: string },
  ) => Promise<Submitted>;
  deliveries: Pick<Deliveries, 'send'>;
  nowMs: () => Promise<number>;
  log: Log;
}

/** Few writers compete for one schedule: puts, its ticks, other control planes. */
const MAX_CONFLICTS = 100;

/**
 * Turns ticks into soaks in three idempotent steps: store the decision about a tick; submit its
 * soak under the tick's request key; store the outcome. Several processes may handle the same tick,
 * and each may die at any point: the next pass over the schedule completes the tick.
 */
export class Ticker {
  readonly #deps: TickerDeps;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
  }

  /** Submits the soak of the newest due tick, and completes unfinished entries. */
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

  /** Submits a soak now, regardless of ticks and overlap. null: the schedule does not exist. */
  async run(name: string, request: RequestKey, trace?: string): Promise<Submitted | null> {
    const { schedules, soaks, nowMs } = this.#deps;
    const before = await soaks.createdBy(request);
    if (before !== null) return before;
    let tickAtMs = Math.floor(await nowMs());
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      const stored = await schedules.get(name);
      if (stored === null) return null;
      // Ticks are whole seconds, so this entry must not be one.
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
   * Submits one confirming soak, because the soak of this tick suggests a regression. Idempotent,
   * also with concurrent callers: all try the same times in the same order and find the same entry.
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
      // If it is unfinished, the next pass over the schedule completes it.
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
      log.warn({ schedule: name, tickAtMs: entry.tickAtMs }, 'completing an unfinished tick');
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
    const submitted = await submit(spec, { origin, request, trace, owner: `schedule:${name}` });
    if ('problems' in submitted) {
      await this.#refused(schedule, entry, submitted.problems);
      return submitted;
    }
    const soak = 'soakId' in submitted ? await soaks.get(submitted.soakId) : null;
    const made = soak?.soak.origin;
    if (made?.kind !== 'schedule' || made.schedule !== name || made.tickAtMs !== tickAtMs) {
      // A concurrent request with the same key has its own entry.
      await schedules.dropEntry(name, tickAtMs);
      return submitted;
    }
    const soakId = soak?.soak.soakId ?? null;
    await schedules.settleEntry(name, { ...entry, outcome: 'submitted', soakId });
    log.info({ schedule: name, tickAtMs, cause: entry.cause, soakId }, 'schedule submitted a soak');
    return submitted;
  }

  /** A manual soak is refused in the response, a tick's in the history and by webhook. */
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
