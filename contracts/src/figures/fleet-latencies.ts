/** The histograms of a fleet's measurement that hold times of messages. */
export const FLEET_LATENCIES = [
  'intended',
  'actual',
  'disturbed',
  'disturbedLeast',
  'sendLag',
] as const;
export type FleetLatency = (typeof FLEET_LATENCIES)[number];

/** One of each. */
export function ofLatencies<T>(make: (name: FleetLatency) => T): Record<FleetLatency, T> {
  const made = FLEET_LATENCIES.map((name) => [name, make(name)] as const);
  return Object.fromEntries(made) as Record<FleetLatency, T>;
}
