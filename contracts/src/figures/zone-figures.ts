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
    ticks: Count('ticks that were given a number of their zone: updates without a request'),
    ticksSkipped: Count('ticks left out because a later one was due when one was sent late'),
    mailed: Count(
      'mailbox messages to IO threads, at most one for each IO thread and broadcast or tick',
    ),
    copies: Count("deliveries queued for members, the senders' own and ticks included"),
    dropped: Count('deliveries left out by the policy drop'),
    replaced: Count('deliveries left out by the policy newest, in favour of a newer one'),
    closed: Count('sessions that the policy close ended'),
    backlogMaxBytes: Count('most bytes that waited for one member, since the start'),
    payloads: Count(
      'payloads made: the most that were alive at once; one for each broadcast or tick, shared by its copies',
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
    deliveries: Count('deliveries received, the own and ticks included'),
    own: Count("of these the sender's own, which are its echoes"),
    ticks: Count('of these, ticks'),
    skipped: Count('messages and ticks of the zone that the server said a policy had left out'),
  },
  { ...closed, description: 'only with zones; cumulative' },
);
export type FleetZoneFigures = Static<typeof FleetZoneFigures>;

/** Whether a fleet and its server read one clock, as on one machine where both or neither are under Wine. */
export const SERVER_CLOCKS = ['unknown', 'shared', 'other'] as const;

/** Deliveries of ticks. `histogram`: the schema of one. */
const MeasuredTicks = <H extends TSchema>(histogram: H) =>
  Type.Object(
    {
      count: Count('in the histogram'),
      untimed: Count(
        'not in it: of slow readers, while the fleet stood still, and without a shared clock',
      ),
      clock: Type.Enum([...SERVER_CLOCKS], {
        description:
          'other: an echo shows that server and fleet read two clocks, whose times say nothing about each other; shared: none does, so what they differ by is less than the fastest echo took; unknown: no echo came',
      }),
      latency: Type.Optional(histogram),
    },
    {
      ...closed,
      description:
        'only with ticks. latency: from when the tick was due until a member has it, of the ticks that were due in the measurement; only with a shared clock. Without one, a tick counts by when it came',
    },
  );

/** Deliveries of messages that were due in the measurement. `histogram`: the schema of one. */
export const MeasuredDeliveries = <H extends TSchema>(histogram: H) =>
  Type.Object(
    {
      count: Count('in the histogram'),
      untimed: Count('in no histogram: of slow readers, or while the fleet stood still'),
      latency: histogram,
      lastMember: Type.Optional(histogram),
      ticks: Type.Optional(MeasuredTicks(histogram)),
    },
    {
      ...closed,
      description:
        'only with zones; count and untimed are without ticks. latency: from the time at which the message of the origin was due to each member that has it, the origin included; lastMember: until the last member of the zone has it',
    },
  );
