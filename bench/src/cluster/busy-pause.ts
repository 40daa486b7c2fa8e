/** Answers of a server that has too much to do: the same request is welcome later. */
const BUSY = [429, 503];
const FIRST_MS = 200;
const LONGEST_MS = 5_000;
const ATTEMPTS = 30;

/**
 * Pure: how long to wait in ms before the same request is sent again, after an answer to attempt
 * number `attempt` (from 1); null: it is not sent again. `retryAfter`: the answer's header, in
 * seconds.
 */
export function busyPauseMs(
  status: number,
  retryAfter: string | null,
  attempt: number,
): number | null {
  if (!BUSY.includes(status) || attempt >= ATTEMPTS) return null;
  const saidMs = Number(retryAfter ?? Number.NaN) * 1000;
  const growingMs = FIRST_MS * 2 ** (attempt - 1);
  return Math.min(LONGEST_MS, Number.isFinite(saidMs) && saidMs > 0 ? saidMs : growingMs);
}
