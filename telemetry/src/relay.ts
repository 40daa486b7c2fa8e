import type { Signal } from '@oversoak/contracts';

/** What became of a delivery; a `code` is the HTTP status of the receiver. */
export type Passed = { delivered: true } | { delivered: false; code: number | undefined };

/** Passes on what others have exported, to the receiver that this process exports to itself. */
export interface Relay {
  /** Those that have a receiver. */
  readonly signals: readonly Signal[];
  /** `body`: OTLP as protobuf. Bounded in time and number; never rejects. */
  pass(signal: Signal, body: Uint8Array): Promise<Passed>;
}

/** Without a receiver. */
export const NO_RELAY: Relay = {
  signals: [],
  pass: async () => ({ delivered: false, code: undefined }),
};
