import type { Log } from '../log.ts';
import type { Driver } from '../run/driver.ts';
import type { RunRecord } from '../run/record.ts';
import type { Agents } from '../store/agents.ts';
import type { Runs } from '../store/runs.ts';
import type { Soaks } from '../store/soaks.ts';
import type { Allocator } from './allocator.ts';
import { candidates, unplaceableReason } from './placement.ts';

export interface DispatcherParts {
  runs: Pick<Runs, 'head' | 'get'>;
  soaks: Pick<Soaks, 'get'>;
  agents: Pick<Agents, 'list'>;
  allocator: Pick<Allocator, 'allocate'>;
  driver: Pick<Driver, 'apply'>;
  log: Log;
}

/** Gives waiting runs their gangs, in the order of the queue, until one has to wait. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  #passing: Promise<void> | null = null;
  #again = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Passes in this process do not overlap; one that is asked for meanwhile follows. */
  async pass(): Promise<void> {
    if (this.#passing !== null) {
      this.#again = true;
      return await this.#passing;
    }
    this.#passing = this.#passes();
    try {
      await this.#passing;
    } finally {
      this.#passing = null;
    }
  }

  async #passes(): Promise<void> {
    do {
      this.#again = false;
      while (await this.#begin());
    } while (this.#again);
  }

  /** Whether the head of the queue left it, so that the next one may be looked at. */
  async #begin(): Promise<boolean> {
    const { runs, soaks, driver } = this.#parts;
    const runId = await runs.head();
    if (runId === null) return false;
    const run = await runs.get(runId);
    const stored = run === null ? null : await soaks.get(run.soakId);
    if (run === null || stored === null) {
      throw new Error(`${runId} stands in the queue, but it or its soak is not stored`);
    }
    if (stored.progress.cancelAsked) {
      const after = await driver.apply(runId, { kind: 'cancel' });
      return left(after);
    }
    const waiting = run.state === 'queued' ? await driver.apply(runId, { kind: 'admit' }) : run;
    if (waiting?.state !== 'allocating') return left(waiting);
    return left(await this.#allocate(waiting, stored.soak.spec));
  }

  async #allocate(
    run: RunRecord,
    spec: Parameters<typeof candidates>[0],
  ): Promise<RunRecord | null> {
    const { agents, allocator, driver, log } = this.#parts;
    const { runId, cell } = run;
    const known = await agents.list();
    const able = candidates(spec, cell, known);
    const allocation = await allocator.allocate(runId, spec.fleet.agents, able);
    if (allocation !== null) {
      log.info({ runId, ...allocation }, 'gang allocated');
      return await driver.apply(runId, { kind: 'allocated', ...allocation });
    }
    const reason = unplaceableReason(spec, cell, known);
    return await driver.apply(
      runId,
      reason === null ? { kind: 'placeable' } : { kind: 'unplaceable', reason },
    );
  }
}

function left(run: RunRecord | null): boolean {
  return run !== null && run.state !== 'queued' && run.state !== 'allocating';
}
