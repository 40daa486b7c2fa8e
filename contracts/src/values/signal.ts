/** What OpenTelemetry carries of oversoak; the name is also the last part of its path in OTLP/HTTP. */
export const SIGNALS = ['traces', 'metrics'] as const;
export type Signal = (typeof SIGNALS)[number];
