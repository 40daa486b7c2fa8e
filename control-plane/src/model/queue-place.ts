/** Ten minutes of waiting count as much as one step of priority. */
export const AGEING_MS = 600_000;

/**
 * Queue score of a soak; the lowest goes first. Soaks age at the same rate, so their order never
 * changes and the score is fixed at submission.
 */
export function placeInQueue(createdAtMs: number, priority: number): number {
  return createdAtMs - priority * AGEING_MS;
}
