import { type Static, Type } from 'typebox';
import type { Problem } from '../values/validation.ts';
import { type FleetProtocol, fleetProtocolName } from './fleet-protocol.ts';
import { FRAME_OVERHEAD_BYTES, MAX_FRAME_BYTES } from './frame-bytes.ts';
import type { ResponseBytes } from './response-bytes.ts';

const closed = { additionalProperties: false } as const;

/** What a server does about a member that reads more slowly than its zone speaks. */
export const ZONE_POLICIES = ['close', 'drop', 'newest'] as const;
export type ZonePolicy = (typeof ZONE_POLICIES)[number];

/** Bytes of the frame that joins a zone, whose number is its payload. */
export const ZONE_JOIN_BYTES = FRAME_OVERHEAD_BYTES + 4;

/** The most deliveries per second of a soak: about ten times what one thread of a fleet verifies. */
export const MAX_DELIVERIES_PER_SECOND = 1_000_000;

/** Bytes of a delivery besides the frame in it. */
export const DELIVERY_HEAD_BYTES = 28;

const DEFAULT_TICK_BYTES = 256;

/** Both sides of a connection know the ticks: a server sends them, and a fleet verifies them. */
const TICKS = {
  ticksPerSecond: Type.Number({
    default: 0,
    minimum: 0,
    maximum: 1000,
    description:
      'updates that the server sends to all members of each zone on its own, without a request; 0: none. One that is late is sent once, and those that have become due meanwhile are left out and counted (ticksSkipped)',
  }),
  tickBytes: Type.Integer({
    default: DEFAULT_TICK_BYTES,
    minimum: FRAME_OVERHEAD_BYTES,
    maximum: MAX_FRAME_BYTES,
    description: 'size of the frame of such an update; only with ticksPerSecond',
  }),
};

/** A server takes the policy and the ticks of `workload.zones`, and a fleet all but the policy. */
export const ServerZones = Type.Object(
  {
    policy: Type.Enum([...ZONE_POLICIES], {
      default: 'close',
      description:
        'for a member that reads more slowly than its zone speaks, once `server.sendQueueBytes` of deliveries wait for it. close: its session is closed, which is an error, as it is without zones; drop: the new delivery is left out; newest: all that waits is left out in favour of the new one. What is left out is counted, and the next delivery says how much it was. The own message is never left out',
    }),
    ...TICKS,
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
      minimum: 0,
      maximum: 1,
      description:
        'share of the messages that go to the whole zone; the others are only echoed. 0 only with ticks',
    }),
    ...TICKS,
  },
  closed,
);
export type FleetZones = Static<typeof FleetZones>;

export const Zones = Type.Object(
  { ...FleetZones.properties, ...ServerZones.properties },
  {
    ...closed,
    description:
      'broadcast: a message goes to every player of its sender\'s zone, the sender included, whose copy is its echo; ticks go to every player without a message. Only under the protocol "oversoak", in an open loop, and with a server of the soak\'s own',
  },
);
export type Zones = Static<typeof Zones>;

/** What a workload with zones says of itself. */
interface Spoken {
  zones?: FleetZones | undefined;
  ratePerSecond?: number | undefined;
  /** Of a run; where there are several numbers, the largest. */
  sessions: number;
  pacing: string;
  responseBytes?: ResponseBytes | undefined;
}

const text = (value: number) => Number(value.toPrecision(6)).toLocaleString('en-US');

/** Deliveries per second in zones that are full. */
export interface PlannedDeliveries {
  perSecond: number;
  /** Of these, of messages and of ticks. */
  ofMessages: number;
  ofTicks: number;
  /** The calculation. */
  text: string;
}

/** Null without zones, and where the rate is not known beforehand. */
export function plannedDeliveries({
  zones,
  ratePerSecond,
  sessions,
}: Pick<Spoken, 'ratePerSecond' | 'sessions'> & {
  zones?: Pick<FleetZones, 'size' | 'share' | 'ticksPerSecond'> | undefined;
}): PlannedDeliveries | null {
  if (zones === undefined || ratePerSecond === undefined) return null;
  const { size, share, ticksPerSecond } = zones;
  const ofMessages = ratePerSecond * share * size;
  const ofTicks = sessions * ticksPerSecond;
  const perSecond = ofMessages + ofTicks;
  const products = [
    `ratePerSecond ${ratePerSecond} × zones.share ${share} × zones.size ${size}`,
    ...(ticksPerSecond === 0
      ? []
      : [`${sessions} sessions × zones.ticksPerSecond ${ticksPerSecond}`]),
  ];
  return {
    ...{ perSecond, ofMessages, ofTicks },
    text: `${products.join(' + ')} = ${text(perSecond)} deliveries per second`,
  };
}

/** Problems that the schema cannot express. Pointers are relative to the workload. */
export function zoneProblems(
  { zones, ratePerSecond, sessions, pacing, responseBytes }: Spoken,
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
  if (zones.share === 0 && zones.ticksPerSecond === 0) {
    const detail =
      'is 0, and so is ticksPerSecond: nothing would go to a zone; valid: above 0 to 1';
    problems.push({ pointer: '/zones/share', detail });
  }
  const planned = plannedDeliveries({ zones, ratePerSecond, sessions });
  if (planned !== null && planned.perSecond > MAX_DELIVERIES_PER_SECOND) {
    const detail = `${planned.text}; at most ${text(MAX_DELIVERIES_PER_SECOND)}`;
    problems.push({ pointer: '/zones', detail });
  }
  return problems;
}

/** What of the ticks cannot be. Relative to the zones. */
export function tickProblems(
  { ticksPerSecond, tickBytes }: ServerZones,
  sendQueueBytes: number,
): Problem[] {
  if (ticksPerSecond === 0) {
    if (tickBytes === DEFAULT_TICK_BYTES) return [];
    const detail = `is ${tickBytes}, and ticksPerSecond is 0: there are no ticks to have a size; set ticksPerSecond, or leave tickBytes out`;
    return [{ pointer: '/tickBytes', detail }];
  }
  const delivery = DELIVERY_HEAD_BYTES + tickBytes;
  if (delivery <= sendQueueBytes) return [];
  const detail = `a delivery of it has ${delivery} bytes, and sendQueueBytes is ${sendQueueBytes}; at most ${sendQueueBytes - DELIVERY_HEAD_BYTES}`;
  return [{ pointer: '/tickBytes', detail }];
}
