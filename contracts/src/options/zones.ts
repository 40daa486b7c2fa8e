import { type Static, Type } from 'typebox';
import type { Problem } from '../values/validation.ts';
import { FRAME_OVERHEAD_BYTES } from './frame-bytes.ts';
import { type FleetProtocol, fleetProtocolName } from './framed.ts';
import type { ResponseBytes } from './response-bytes.ts';

const closed = { additionalProperties: false } as const;

/** What a server does about a member that reads more slowly than its zone speaks. */
export const ZONE_POLICIES = ['close', 'drop', 'newest'] as const;
export type ZonePolicy = (typeof ZONE_POLICIES)[number];

/** Bytes of the frame that joins a zone, whose number is its payload. */
export const ZONE_JOIN_BYTES = FRAME_OVERHEAD_BYTES + 4;

/** The most deliveries per second of a soak: about ten times what one thread of a fleet verifies. */
export const MAX_DELIVERIES_PER_SECOND = 1_000_000;

/** A server takes the policy of `workload.zones`, and a fleet the rest. */
export const ServerZones = Type.Object(
  {
    policy: Type.Enum([...ZONE_POLICIES], {
      default: 'close',
      description:
        'for a member that reads more slowly than its zone speaks, once `server.sendQueueBytes` of deliveries wait for it. close: its session is closed, which is an error, as it is without zones; drop: the new delivery is left out; newest: all that waits is left out in favour of the new one. What is left out is counted, and the next delivery says how much it was. The own message is never left out',
    }),
  },
  closed,
);
export type ServerZones = Static<typeof ServerZones>;

export const FleetZones = Type.Object(
  {
    size: Type.Integer({
      minimum: 2,
      maximum: 500,
      description:
        'players of a zone: the first `size` sessions are in the first zone, and so on; every number of sessions must be a multiple of it',
    }),
    share: Type.Number({
      default: 1,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'share of the messages that go to the whole zone; the others are only echoed',
    }),
  },
  closed,
);
export type FleetZones = Static<typeof FleetZones>;

export const Zones = Type.Object(
  { ...FleetZones.properties, ...ServerZones.properties },
  {
    ...closed,
    description:
      'broadcast: a message goes to every player of its sender\'s zone, the sender included, whose copy is its echo. Only under the protocol "oversoak", in an open loop, and with a server of the soak\'s own',
  },
);
export type Zones = Static<typeof Zones>;

/** What a workload with zones says of itself. */
interface Spoken {
  zones?: FleetZones | undefined;
  ratePerSecond?: number | undefined;
  pacing: string;
  responseBytes?: ResponseBytes | undefined;
}

const text = (value: number) => Number(value.toPrecision(6)).toLocaleString('en-US');

/**
 * Deliveries per second in zones that are full, with the calculation; null without zones, and where
 * the rate is not known beforehand.
 */
export function plannedDeliveries({
  zones,
  ratePerSecond,
}: Pick<Spoken, 'zones' | 'ratePerSecond'>): { perSecond: number; text: string } | null {
  if (zones === undefined || ratePerSecond === undefined) return null;
  const { size, share } = zones;
  const perSecond = ratePerSecond * share * size;
  const product = `ratePerSecond ${ratePerSecond} × zones.share ${share} × zones.size ${size}`;
  return { perSecond, text: `${product} = ${text(perSecond)} deliveries per second` };
}

/** Problems that the schema cannot express. Pointers are relative to the workload. */
export function zoneProblems(
  { zones, ratePerSecond, pacing, responseBytes }: Spoken,
  protocol: FleetProtocol,
): Problem[] {
  if (zones === undefined) return [];
  const problems: Problem[] = [];
  if (protocol !== 'oversoak') {
    const detail = `is for the protocol "oversoak" only; it is "${fleetProtocolName(protocol)}", which has no zones`;
    problems.push({ pointer: '/zones', detail });
  }
  if (pacing === 'closed') {
    const detail =
      'is for an open loop only; pacing is "closed", where nobody knows beforehand how many deliveries a second there will be';
    problems.push({ pointer: '/zones', detail });
  }
  if (responseBytes !== undefined) {
    const detail = 'not with zones: a delivery has the size of its message';
    problems.push({ pointer: '/responseBytes', detail });
  }
  const planned = plannedDeliveries({ zones, ratePerSecond });
  if (planned !== null && planned.perSecond > MAX_DELIVERIES_PER_SECOND) {
    const detail = `${planned.text}; at most ${text(MAX_DELIVERIES_PER_SECOND)}`;
    problems.push({ pointer: '/zones', detail });
  }
  return problems;
}
