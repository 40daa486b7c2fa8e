import { type Static, Type } from 'typebox';
import type { Problem } from '../values/validation.ts';
import { type FleetProtocol, fleetProtocolName } from './fleet-protocol.ts';
import { FRAME_OVERHEAD_BYTES, MAX_FRAME_BYTES } from './frame-bytes.ts';

const closed = { additionalProperties: false } as const;

const Size = Type.Integer({ minimum: FRAME_OVERHEAD_BYTES, maximum: MAX_FRAME_BYTES });
const RANGE = { min: Size, max: Size };

/** Bytes of the frames that answer: one size, a range, or a mix of ranges. */
export const ResponseBytes = Type.Union(
  [
    Size,
    Type.Object(RANGE, closed),
    Type.Array(
      Type.Object({ share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }), ...RANGE }, closed),
      { minItems: 1, maxItems: 16 },
    ),
  ],
  {
    description:
      'request and response: the size of the frame that answers, as one size, as {min, max}, or as a list of {share, min, max} whose shares add up to 1; without it every message is echoed. Only under the protocol "oversoak"; the fleet verifies size and content of each answer',
  },
);
export type ResponseBytes = Static<typeof ResponseBytes>;

/** One part of the mix that the addon draws from: bytes, and their share of the messages. */
export interface ResponseShare {
  share: number;
  min: number;
  max: number;
}

/** Any form of `responseBytes` as a mix. */
export function responseMix(responseBytes: ResponseBytes): ResponseShare[] {
  if (typeof responseBytes === 'number') {
    return [{ share: 1, min: responseBytes, max: responseBytes }];
  }
  return Array.isArray(responseBytes) ? responseBytes : [{ share: 1, ...responseBytes }];
}

/** Bytes of the longest answer; 0 where messages are echoed. */
export function longestResponseBytes(responseBytes: ResponseBytes | undefined): number {
  if (responseBytes === undefined) return 0;
  return Math.max(...responseMix(responseBytes).map(({ max }) => max));
}

/** Shares are decimals: 0.1 + 0.2 + 0.7 is not exactly 1. */
const SHARE_TOLERANCE = 1e-6;

/** Problems that the schema cannot express. Pointers are relative to the workload. */
export function responseProblems(
  { responseBytes }: { responseBytes?: ResponseBytes },
  protocol: FleetProtocol,
): Problem[] {
  if (responseBytes === undefined) return [];
  const problems: Problem[] = [];
  if (protocol !== 'oversoak') {
    const why =
      typeof protocol === 'object' ? 'which has answers of its own' : 'whose messages are echoed';
    const detail = `is for the protocol "oversoak" only; it is "${fleetProtocolName(protocol)}", ${why}`;
    problems.push({ pointer: '/responseBytes', detail });
  }
  const mix = responseMix(responseBytes);
  const isList = Array.isArray(responseBytes);
  for (const [index, { min, max }] of mix.entries()) {
    if (min <= max) continue;
    const pointer = isList ? `/responseBytes/${index}/min` : '/responseBytes/min';
    problems.push({ pointer, detail: `must be <= max, which is ${max}` });
  }
  const shares = mix.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(shares - 1) > SHARE_TOLERANCE) {
    const detail = `the shares must add up to 1; they add up to ${Number(shares.toPrecision(6))}`;
    problems.push({ pointer: '/responseBytes', detail });
  }
  return problems;
}
