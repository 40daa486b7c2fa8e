/** Ten minutes of waiting count as much as one step of priority. */
export const AGEING_MS = 600_000;

/**
 * Where a soak stands in the queue; the least goes first. All soaks age alike, so the order of two
 * never changes and the place is settled when a soak is submitted.
 */
export function placeInQueue(createdAtMs: number, priority: number): number {
  return createdAtMs - priority * AGEING_MS;
}
