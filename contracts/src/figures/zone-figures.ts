import { type Static, type TSchema, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Count = (description: string) => Type.Integer({ minimum: 0, description });

/** What a server did for its zones. */
export const ServerZoneFigures = Type.Object(
  {
    joins: Count('joins answered'),
    leaves: Count('leaves answered'),
    live: Count('members now'),
    broadcasts: Count('messages that were given a number of their zone, one receive each'),
    mailed: Count('mailbox messages to IO threads, at most one for each IO thread and broadcast'),
    copies: Count("deliveries queued for members, the senders' own included"),
    dropped: Count('deliveries left out by the policy drop'),
    replaced: Count('deliveries left out by the policy newest, in favour of a newer one'),
    closed: Count('sessions that the policy close ended'),
    backlogMaxBytes: Count('most bytes that waited for one member, since the start'),
    payloads: Count(
      'payloads made: the most that were alive at once; one for each broadcast, shared by its copies',
    ),
  },
  { ...closed, description: 'only with zones; cumulative' },
);
export type ServerZoneFigures = Static<typeof ServerZoneFigures>;

/** The zone ledgers of a fleet's sessions, added up. */
export const FleetZoneFigures = Type.Object(
  {
    joins: Count('answers to joins'),
    leaves: Count('answers to leaves'),
    deliveries: Count('deliveries received, the own included'),
    own: Count("of these the sender's own, which are its echoes"),
    skipped: Count('messages of the zone that the server said a policy had left out'),
  },
  { ...closed, description: 'only with zones; cumulative' },
);
export type FleetZoneFigures = Static<typeof FleetZoneFigures>;

/** Deliveries of messages that were due in the measurement. `histogram`: the schema of one. */
export const MeasuredDeliveries = <H extends TSchema>(histogram: H) =>
  Type.Object(
    {
      count: Count('in the histogram'),
      untimed: Count('in no histogram: of slow readers, or while the fleet stood still'),
      latency: histogram,
      lastMember: Type.Optional(histogram),
    },
    {
      ...closed,
      description:
        'only with zones. latency: from the time at which the message of the origin was due to each member that has it, the origin included; lastMember: until the last member of the zone has it',
    },
  );
