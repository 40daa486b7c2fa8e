import type { Signal } from '@oversoak/contracts';
import { namedSignals } from './environment.ts';

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

/** To the receivers of OpenTelemetry's variables; nothing of the SDK is loaded if there are none. */
export async function openRelay(): Promise<Relay> {
  const signals = namedSignals();
  if (signals.length === 0) return NO_RELAY;
  const { exportingRelay } = await import('./exporting-relay.ts');
  return exportingRelay(signals);
}
