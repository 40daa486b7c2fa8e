/** Of all sessions of a fleet. */
const MAX_BUFFERED_BYTES = 2 ** 30;

export interface MessageBytes {
  longestReceivedBytes: number;
  longestSentBytes: number;
}

/**
 * Why sessions with messages of these lengths need too much memory; null: they do not. A session
 * has room for two of the longest messages that come, and for those that it sends.
 */
export function tooMuchMemory(
  { longestReceivedBytes, longestSentBytes }: MessageBytes,
  { overSend, sessions }: { overSend: number; sessions: number },
): string | null {
  const bytes = 2 * longestReceivedBytes + 2 * overSend * longestSentBytes;
  if (bytes * sessions <= MAX_BUFFERED_BYTES) return null;
  return `${sessions} sessions of a fleet would have up to ${bytes} bytes each (messages of up to ${longestReceivedBytes} bytes come, of up to ${longestSentBytes} bytes are sent); a fleet has at most ${MAX_BUFFERED_BYTES} bytes`;
}
