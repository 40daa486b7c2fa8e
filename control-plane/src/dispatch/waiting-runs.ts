import type { Allocation } from '../model/allocation.ts';
import type { Log } from '../model/log.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { QueuedRun, Runs } from '../store/runs.ts';
import { type Soaks, type StoredSoak, specOfCell } from '../store/soaks.ts';
import type { WaitingRun } from './plan.ts';

/** A queued run with its stored record. */
export interface QueueEntry {
  run: RunRecord;
  waiting: WaitingRun;
  /** Slots allocated but not in the record yet: the process that allocated them may have died. */
  allocation: Allocation | null;
}

type Known = Omit<QueueEntry, 'allocation'>;

/** The dispatcher's view of the queue. It rereads a record only when its version has changed. */
export class WaitingRuns {
  readonly #runs: Pick<Runs, 'queue' | 'get' | 'dequeue'>;
  readonly #soaks: Pick<Soaks, 'get'>;
  readonly #log: Log;
  #known = new Map<string, Known>();

  constructor(parts: {
    runs: Pick<Runs, 'queue' | 'get' | 'dequeue'>;
    soaks: Pick<Soaks, 'get'>;
    log: Log;
  }) {
    this.#runs = parts.runs;
    this.#soaks = parts.soaks;
    this.#log = parts.log;
  }

  /** In queue order. */
  async read(): Promise<QueueEntry[]> {
    const before = this.#known;
    const entries = await Promise.all(
      (await this.#runs.queue()).map(async (queued) => {
        const known = before.get(queued.runId);
        const current = known?.run.version === queued.version ? known : await this.#load(queued);
        return current === null ? null : { ...current, allocation: queued.allocation };
      }),
    );
    const found = entries.filter((entry) => entry !== null);
    this.#known = new Map(found.map((entry) => [entry.run.runId, entry]));
    return found;
  }

  async #load({ runId }: QueuedRun): Promise<Known | null> {
    const run = await this.#runs.get(runId);
    const stored = run === null ? null : await this.#soaks.get(run.soakId);
    if (run === null || stored === null) {
      this.#log.error({ runId }, 'removed a run from the queue that does not exist');
      await this.#runs.dequeue(runId);
      return null;
    }
    return { run, waiting: await this.#waiting(run, stored) };
  }

  async #waiting(run: RunRecord, { soak }: StoredSoak): Promise<WaitingRun> {
    const { runId, soakId, cell, stateSinceMs: sinceMs } = run;
    const { runIds } = soak;
    const spec = specOfCell(soak, cell);
    const before = await this.#runs.get(runIds[runIds.indexOf(runId) - 1] ?? '');
    const { priority } = spec;
    return { runId, soakId, priority, sinceMs, cell, spec, before: before?.gang ?? [] };
  }
}
