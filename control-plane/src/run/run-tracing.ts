import type { RunResult } from '@oversoak/contracts';
import type { RunRecord } from '../model/run-record.ts';

/** A change that is about to be stored. */
export interface Change {
  /** The record to store; it includes the trace of its dispatch. */
  run: RunRecord;
  /** Called only after the change is stored, so that one of two concurrent writers records it. */
  stored(result: RunResult | null): void;
}

/** A job that is about to be sent. */
export interface Sending {
  /** W3C traceparent for the job; undefined: no trace. */
  trace: string | undefined;
  sent(): void;
}

/** Tracing as the driver uses it. */
export interface RunTracing {
  change(before: RunRecord, after: RunRecord): Promise<Change>;
  /** `again`: the effects are repeated; the process that should have performed them died. */
  sending(
    run: RunRecord,
    message: { queue: string; jobId: string },
    again: boolean,
  ): Promise<Sending>;
}
