import { LRUCache } from 'lru-cache';
import { memberKey, type RunRecord } from '../model/run-record.ts';
import type { Runs } from '../store/runs.ts';
import { readSample } from './sample.ts';

/**
 * How old what is known of a run may be: a sample comes each second from each part. A newer allocation
 * is seen at once, by its epoch.
 */
const KNOWN_MS = 5_000;
const KNOWN_RUNS = 10_000;
/** Samples may come a little later than the report that ended their run. */
const AFTER_DONE_MS = 60_000;

type KnownRun = Pick<RunRecord, 'epoch' | 'gang' | 'state' | 'stateSinceMs'>;

export interface SampleIntakeDeps {
  runs: Pick<Runs, 'get' | 'addSample' | 'refuseReport'>;
  nowMs: () => Promise<number>;
}

/** Takes samples from the streams of agents into those of their runs. */
export class SampleIntake {
  readonly #deps: SampleIntakeDeps;
  readonly #known = new LRUCache<string, { run: KnownRun | null }>({
    max: KNOWN_RUNS,
    ttl: KNOWN_MS,
  });

  constructor(deps: SampleIntakeDeps) {
    this.#deps = deps;
  }

  /** A refused sample is counted with the refused reports. */
  async take(agentId: string, text: string): Promise<void> {
    const { runs, nowMs } = this.#deps;
    const sample = readSample(text);
    if (sample === null) return await runs.refuseReport('sample-invalid');
    if (sample.agentId !== agentId) return await runs.refuseReport('sample-other-sender');
    const run = await this.#run(sample.runId, sample.epoch);
    if (run === null) return await runs.refuseReport('sample-unknown-run');
    if (run.epoch !== sample.epoch) return await runs.refuseReport('sample-other-epoch');
    const key = memberKey(sample);
    if (!run.gang.some((member) => memberKey(member) === key)) {
      return await runs.refuseReport('sample-not-in-gang');
    }
    if (run.state === 'done' && (await nowMs()) - run.stateSinceMs > AFTER_DONE_MS) {
      return await runs.refuseReport('sample-run-is-done');
    }
    await runs.addSample(sample.runId, text);
  }

  async #run(runId: string, epoch: number): Promise<KnownRun | null> {
    const known = this.#known.get(runId);
    // A part of a newer allocation than the one that is known.
    if (known !== undefined && (known.run?.epoch ?? 0) >= epoch) return known.run;
    const run = await this.#deps.runs.get(runId);
    this.#known.set(runId, { run });
    return run;
  }
}
