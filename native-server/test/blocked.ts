// A peer that has sent and does not read, so that the server cannot send either.
import assert from 'node:assert/strict';
import { until } from '@oversoak/testing/waiting/until';
import type { ServerHandle } from '../src/index.ts';
import type { Peer } from './peer.ts';
import { frame, readFrame } from './wire.ts';

export const FRAME_BYTES = 4096;
export const PAYLOAD = Buffer.alloc(FRAME_BYTES - frame(0n).length, 'x');
const FRAMES_AT_ONCE = 64;
// Longer than the server needs for what it can send.
const STILL_MS = 100;

/**
 * Sends and does not read until a send of the server is pending and goes no further; the number of
 * frames sent, which the server may not all have received.
 */
export async function block(peer: Peer, server: ServerHandle): Promise<number> {
  peer.socket.pause();
  const before = server.snapshot();
  let frames = 0;
  let last = { sent: before.bytes.sent, atMs: performance.now() };
  const isStill = () => {
    const { bytes, sends } = server.snapshot();
    const atMs = performance.now();
    if (bytes.sent !== last.sent) last = { sent: bytes.sent, atMs };
    return sends.pending > before.sends.pending && atMs - last.atMs > STILL_MS;
  };
  const areEchoed = () => server.snapshot().bytes.sent === before.bytes.sent + frames * FRAME_BYTES;
  do {
    const some = Array.from({ length: FRAMES_AT_ONCE }, (_, i) =>
      frame(BigInt(frames + i), PAYLOAD),
    );
    peer.send(Buffer.concat(some));
    frames += FRAMES_AT_ONCE;
    await until('all is echoed, or no more is sent', () => areEchoed() || isStill());
  } while (areEchoed());
  return frames;
}

export async function takeInOrder(peer: Peer, frames: number): Promise<void> {
  for (let sequence = 0; sequence < frames; sequence += 1) {
    assert.equal(readFrame(await peer.take(FRAME_BYTES)).sequence, BigInt(sequence));
  }
}
