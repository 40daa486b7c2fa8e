import type { Telemetry } from '@oversoak/telemetry';
import type { Log } from '../model/log.ts';
import type { RunLimits } from '../model/run-limits.ts';
import { overdue } from '../run/deadlines.ts';
import type { Driver } from '../run/driver.ts';
import type { OutsideInput } from '../run/run-inputs.ts';
import type { Agent, Agents } from '../store/agents.ts';
import type { Allocator } from './allocator.ts';
import type { Choice } from './gang.ts';
import { Passes } from './passes.ts';
import { type IsPlaceable, placeableOn, whoTheyAre } from './placeable.ts';
import { unplaceableReason } from './placement.ts';
import { type Decision, plan } from './plan.ts';
import type { QueueEntry, WaitingRuns } from './waiting-runs.ts';
import { waitingText } from './waiting-text.ts';

export interface DispatcherDeps {
  waitingRuns: Pick<WaitingRuns, 'read'>;
  agents: Pick<Agents, 'list'>;
  allocator: Pick<Allocator, 'allocate'>;
  driver: Pick<Driver, 'apply'>;
  telemetry: Pick<Telemetry, 'record'>;
  nowMs: () => Promise<number>;
  limits: RunLimits;
  log: Log;
}

/**
 * How often a pass retries after losing slots to another control plane. Runs that remain wait for
 * the next pass, which the next change triggers, or the timer after a second.
 */
const MAX_LOOKS = 5;

/** Allocates gangs to waiting runs, as decided by `plan`. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #passes = new Passes(async () => {
    for (let looks = 0; looks < MAX_LOOKS && (await this.#look()); looks++);
  });
  /** For the agents of the last pass. */
  #placeable: { who: string; isPlaceable: IsPlaceable } | null = null;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Soon: with a pass under way, the requested one follows it, and is not waited for. */
  async pass(): Promise<void> {
    await this.#passes.request();
  }

  /** A readable reason why a run waits; null if it does not wait for agents. */
  async waitingReason(runId: string): Promise<string | null> {
    const entries = await this.#deps.waitingRuns.read();
    const index = entries.findIndex(({ run }) => run.runId === runId);
    if (index === -1) return null;
    const agents = await this.#deps.agents.list();
    const waiting = entries.map((entry) => entry.waiting);
    const decisions = await this.#plan(entries, agents);
    return waitingText(index, waiting, decisions, agents);
  }

  /** True: an agent changed after it was read, so a retry is worthwhile. */
  async #look(): Promise<boolean> {
    const beganMs = performance.now();
    const { waitingRuns, agents } = this.#deps;
    const entries = await this.#prepare(await waitingRuns.read());
    if (entries.length === 0) return false;
    const known = await agents.list();
    const decisions = await this.#plan(entries, known);
    // Redis executes the allocations in the order in which they are sent: queue order.
    const events = await Promise.all(
      entries.map(async (entry, index) => {
        const decision = decisions[index];
        if (decision === undefined) return null;
        return decision.kind === 'place'
          ? await this.#allocate(entry, decision.gang, beganMs)
          : eventOf(entry, decision, known);
      }),
    );
    // Agents are notified after all slots are allocated, concurrently.
    await Promise.all(
      entries.map(async (entry, index) => {
        const event = events[index] ?? null;
        if (typeof event === 'object' && event !== null) await this.#apply(entry, event);
      }),
    );
    return events.includes('refused');
  }

  /** Moves every queued run to `allocating`; returns the runs that wait for agents. */
  async #prepare(entries: QueueEntry[]): Promise<QueueEntry[]> {
    const nowMs = await this.#deps.nowMs();
    const prepared = await Promise.all(
      entries.map(async (entry): Promise<QueueEntry | null> => {
        const { state, deadlineMs } = entry.run;
        if (deadlineMs !== null && overdue(deadlineMs, nowMs)) {
          await this.#apply(entry, { kind: 'timer', state, deadlineMs });
          return null;
        }
        if (entry.allocation !== null) {
          await this.#apply(entry, { kind: 'allocated', ...entry.allocation });
          return null;
        }
        if (state !== 'queued') return entry;
        const run = await this.#apply(entry, { kind: 'admit' });
        if (run?.state !== 'allocating') return null;
        return { ...entry, run, waiting: { ...entry.waiting, sinceMs: run.stateSinceMs } };
      }),
    );
    return prepared.filter((entry) => entry !== null);
  }

  async #plan(entries: readonly QueueEntry[], agents: readonly Agent[]): Promise<Decision[]> {
    const { nowMs, limits } = this.#deps;
    const waiting = entries.map((entry) => entry.waiting);
    return plan(waiting, agents, await nowMs(), limits.holdAfterMs, this.#isPlaceable(agents));
  }

  #isPlaceable(agents: readonly Agent[]): IsPlaceable {
    const who = whoTheyAre(agents);
    if (this.#placeable?.who !== who) {
      this.#placeable = { who, isPlaceable: placeableOn(agents) };
    }
    return this.#placeable.isPlaceable;
  }

  async #allocate(
    { run: { runId, soakId } }: QueueEntry,
    gang: readonly Choice[],
    beganMs: number,
  ): Promise<OutsideInput | 'refused' | 'stale'> {
    const { allocator, telemetry, log } = this.#deps;
    const requestedMs = performance.now();
    const allocation = await allocator.allocate(runId, soakId, gang);
    const now = performance.now();
    telemetry.record('oversoak.allocation.duration', (now - requestedMs) / 1000);
    if (allocation === 'refused' || allocation === 'stale') return allocation;
    const took = { allocateMs: now - requestedMs, passMs: now - beganMs };
    log.info({ runId, ...allocation, ...took }, 'gang allocated');
    return { kind: 'allocated', ...allocation };
  }

  async #apply({ run }: QueueEntry, event: OutsideInput) {
    return await this.#deps.driver.apply(run.runId, event);
  }
}

/** The input for a run that gets no gang; null when nothing has changed. */
function eventOf(
  { run, waiting }: QueueEntry,
  { kind }: Decision,
  agents: readonly Agent[],
): OutsideInput | null {
  if (kind !== 'unplaceable') {
    return run.unplaceableSinceMs === null ? null : { kind: 'placeable' };
  }
  const reason = unplaceableReason(waiting.spec, waiting.cell, agents);
  return reason === null ? null : { kind: 'unplaceable', reason };
}
