/** Bytes of a frame besides the payload: header, times, stamps and CRC. */
export const FRAME_OVERHEAD_BYTES = 64;
/** Upper limit for a server's `maxFrameBytes`. */
export const MAX_FRAME_BYTES = 16_384;
