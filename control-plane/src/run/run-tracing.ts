import type { RunResult } from '@oversoak/contracts';
import type { RunRecord } from '../model/run-record.ts';

/** A change that is about to be stored. */
export interface Change {
  /** The record to store: what is dispatched remembers its trace. */
  run: RunRecord;
  /** Called once it is stored, and only then: of two writers of the same change, one records it. */
  stored(result: RunResult | null): void;
}

/** A job that is about to be sent. */
export interface Sending {
  /** Goes with the job; undefined: nothing to go on from. */
  trace: string | undefined;
  sent(): void;
}

/** What the driver wants of traces. */
export interface RunTracing {
  change(before: RunRecord, after: RunRecord): Promise<Change>;
  /** `again`: effects that are done once more, because the process that should have done them died. */
  sending(
    run: RunRecord,
    message: { queue: string; jobId: string },
    again: boolean,
  ): Promise<Sending>;
}
