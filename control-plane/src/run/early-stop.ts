import { thresholdsOf } from '../judge/judge.ts';
import type { Log } from '../model/log.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Runs } from '../store/runs.ts';
import { type Soaks, specOfCell } from '../store/soaks.ts';
import type { Driver } from './driver.ts';
import { EarlyLook, type EarlyMiss } from './early-look.ts';
import { readSample } from './sample.ts';

/** Samples of a run read in one pass; after a restart, several passes catch up. */
const BATCH = 2000;

export interface EarlyStopDeps {
  runs: Pick<Runs, 'samples'>;
  soaks: Pick<Soaks, 'get'>;
  driver: Pick<Driver, 'apply'>;
  log: Log;
}

interface Looking {
  /** null: the run has no `abort` threshold, or its samples are invalid. */
  look: EarlyLook | null;
  /** Stream id of the newest evaluated sample. */
  afterId: string | null;
  missed: EarlyMiss | null;
}

/**
 * Ends runs that have missed a threshold with `abort`. Its state follows from the stored samples
 * alone, so a restart loses nothing and two control planes find the same.
 */
export class EarlyStop {
  readonly #deps: EarlyStopDeps;
  readonly #looking = new Map<string, Looking>();

  constructor(deps: EarlyStopDeps) {
    this.#deps = deps;
  }

  /** Evaluates the new samples of an active run. */
  async look(run: RunRecord): Promise<void> {
    if (run.state !== 'warming' && run.state !== 'measuring') return;
    const looking = this.#looking.get(run.runId) ?? (await this.#begin(run));
    if (looking.look === null) return;
    if (looking.missed === null) await this.#read(run.runId, looking, looking.look);
    if (looking.missed === null) return;
    const { reason, check } = looking.missed;
    await this.#deps.driver.apply(run.runId, { kind: 'missed', reason, check });
  }

  /** Drops the state of all other runs. */
  keep(runIds: ReadonlySet<string>): void {
    for (const runId of this.#looking.keys()) if (!runIds.has(runId)) this.#looking.delete(runId);
  }

  async #begin(run: RunRecord): Promise<Looking> {
    const stored = await this.#deps.soaks.get(run.soakId);
    const spec = stored === null ? null : specOfCell(stored.soak, run.cell);
    const thresholds = thresholdsOf(spec?.thresholds ?? []);
    const ends = thresholds.some(({ abort }) => abort);
    const look = ends ? new EarlyLook(run, thresholds) : null;
    const looking: Looking = { look, afterId: null, missed: null };
    this.#looking.set(run.runId, looking);
    return looking;
  }

  /** Stops evaluating a run with invalid samples; the judge reports them at its end. */
  #taken(runId: string, text: string, looking: Looking, look: EarlyLook): EarlyMiss | null {
    const sample = readSample(text);
    try {
      return sample === null ? null : look.take(sample);
    } catch (error) {
      this.#deps.log.error({ runId, err: error }, 'the samples of a run could not be judged');
      looking.look = null;
      return null;
    }
  }

  async #read(runId: string, looking: Looking, look: EarlyLook): Promise<void> {
    const { runs, log } = this.#deps;
    for (const { id, text } of await runs.samples(runId, looking.afterId, BATCH)) {
      looking.afterId = id;
      const missed = this.#taken(runId, text, looking, look);
      if (looking.look === null) return;
      if (missed === null) continue;
      log.info({ runId, reason: missed.reason }, 'a threshold that ends the run was missed');
      looking.missed = missed;
      return;
    }
  }
}
