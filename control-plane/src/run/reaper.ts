import type { RunState } from '@oversoak/contracts';
import type { HeldSlot } from '../model/held-slot.ts';
import type { Log } from '../model/log.ts';
import type { RunLimits } from '../model/run-limits.ts';
import type { Queues } from '../queue/queues.ts';
import type { Agents, SeenAgent } from '../store/agents.ts';
import type { Runs } from '../store/runs.ts';

/** Pure: slots held for runs that are done or deleted. */
export function deadSlots(
  held: readonly HeldSlot[],
  states: ReadonlyMap<string, RunState>,
): HeldSlot[] {
  return held.filter(({ runId }) => (states.get(runId) ?? 'done') === 'done');
}

/** Pure: agents without slots that have not been live for `forgetAgentMs`. */
export function forgettable(
  agents: readonly SeenAgent[],
  nowMs: number,
  forgetAgentMs: number,
): string[] {
  return agents
    .filter(({ live, slots, seenMs }) => !live && slots === 0 && nowMs - seenMs >= forgetAgentMs)
    .map(({ agentId }) => agentId);
}

export interface ReaperDeps {
  runs: Pick<Runs, 'states'>;
  agents: Pick<Agents, 'heldSlots' | 'freeSlot' | 'seen' | 'forget'>;
  queues: Pick<Queues, 'forget'>;
  nowMs: () => Promise<number>;
  limits: Pick<RunLimits, 'forgetAgentMs'>;
  log: Log;
}

/** Frees leaked slots and deletes old agents. Normally, a run frees its own slots. */
export class Reaper {
  readonly #deps: ReaperDeps;

  constructor(deps: ReaperDeps) {
    this.#deps = deps;
  }

  async pass(): Promise<void> {
    await this.#slots();
    await this.#agents();
  }

  async #slots(): Promise<void> {
    const { agents, runs, log } = this.#deps;
    const held = await agents.heldSlots();
    const states = await runs.states([...new Set(held.map(({ runId }) => runId))]);
    for (const slot of deadSlots(held, states)) {
      if (await agents.freeSlot(slot)) log.warn(slot, 'freed a slot of a run that is over');
    }
  }

  async #agents(): Promise<void> {
    const { agents, queues, nowMs, limits, log } = this.#deps;
    const now = await nowMs();
    const forgotten: string[] = [];
    for (const agentId of forgettable(await agents.seen(now), now, limits.forgetAgentMs)) {
      if (await agents.forget(agentId)) forgotten.push(agentId);
    }
    await queues.forget(forgotten);
    for (const agentId of forgotten) {
      log.info({ agentId }, 'agent forgotten: it was not seen for too long');
    }
  }
}
