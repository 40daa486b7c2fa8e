import { type Static, Type } from 'typebox';
import { countSince } from '../values/counter.ts';

const closed = { additionalProperties: false } as const;
const Count = (description: string) => Type.Integer({ minimum: 0, description });

/** Why a due message was never sent. */
export const UNSENT_CAUSES = {
  held: 'its session had overSend messages without an echo until the end: the server was too slow',
  slowReader: 'the same, in a session that reads slowly on purpose (workload.slowReaders)',
  fleet:
    'the fleet never reached it: it was too slow itself, stood still, or its own system refused the connection',
  connecting: 'its session was not connected yet, or not again: the server did not accept it',
  closing:
    'its session was closed by the fleet more than 250 ms before, and the server had not closed its side',
  churn:
    'the fleet itself had closed its session at most 250 ms before (workload.disconnectsPerSecond)',
  lost: 'its session had just been closed by the server, or abandoned after a corrupt echo',
} as const;
export type UnsentCause = keyof typeof UNSENT_CAUSES;
export const UNSENT_CAUSE_NAMES = Object.keys(UNSENT_CAUSES) as UnsentCause[];

/** How a text continues after the number of messages: "500 had no connected session". */
export const UNSENT_TEXTS: Readonly<Record<UnsentCause, string>> = {
  held: 'waited for room in their session to the end',
  slowReader: 'waited in sessions that read slowly on purpose',
  fleet: 'were never reached by the fleet',
  connecting: 'had no connected session',
  closing: 'waited for the server to close the connection that the fleet had closed',
  churn: 'were due between two connections (churn)',
  lost: 'were due after their session had ended',
};

/**
 * What happened to the due messages: rate × time × planned sessions, whether or not a session was
 * alive or a timer fired. In a closed loop a message is due when it is sent.
 */
export const Load = Type.Object(
  {
    due: Count('messages that were due by the schedule'),
    sent: Count('messages that were sent, including `held` and `late` ones'),
    held: Count('sent after waiting for room in their session: the server was slow'),
    late: Count(
      'sent, but the fleet reached them more than 50 ms after they were due, or they waited in their session no longer than the fleet stood still (50 ms or more)',
    ),
    echoed: Count('sent messages whose valid echo came back, however late'),
    unanswered: Count(
      'sent messages without an echo when the server closed the session or the drain was over',
    ),
    reset: Count('sent messages whose session the fleet itself reset (workload.abortiveShare)'),
    afterEnd: Count(
      'of those held: sent only when the time that these counts cover (the measurement, or a window of it) was over, and more than 0.1 s after they were due; not in a session that reads slowly on purpose',
    ),
    disturbed: Count(
      'completed, but counted in no latency but `disturbed`: the fleet stood still (5 ms or longer) while they were in flight or had not made up for it, was far behind, or was late with them or with those that they waited for, for more than a tenth of the time after they were due',
    ),
    unsent: Type.Object(
      Object.fromEntries(UNSENT_CAUSE_NAMES.map((name) => [name, Count(UNSENT_CAUSES[name])])) as {
        [K in UnsentCause]: ReturnType<typeof Count>;
      },
      closed,
    ),
  },
  {
    ...closed,
    description:
      'due = sent + unsent + waiting for room; sent = echoed + unanswered + reset + in flight; each message counts at the time at which it was due',
  },
);
export type Load = Static<typeof Load>;

/** Of one window: how many windows later the messages of its `load.afterEnd` were sent. */
export const LeftLater = Type.Array(
  Type.Object(
    {
      windows: Type.Integer({
        minimum: 1,
        description: 'how many windows after the one in which they were due',
      }),
      messages: Type.Integer({ minimum: 1 }),
    },
    closed,
  ),
  {
    description:
      'by how many windows later the messages of load.afterEnd were sent; a number may occur twice',
  },
);
export type LeftLater = Static<typeof LeftLater>;

/** A load of zero messages. */
export function emptyLoad(): Load {
  const counts = { due: 0, sent: 0, held: 0, late: 0, echoed: 0, afterEnd: 0 };
  const ends = { unanswered: 0, reset: 0, disturbed: 0 };
  const unsent = Object.fromEntries(UNSENT_CAUSE_NAMES.map((name) => [name, 0]));
  return { ...counts, ...ends, unsent: unsent as Load['unsent'] };
}

/** Sums the loads of several fleets or windows, count by count. */
export function addLoads(loads: readonly Load[]): Load {
  const sum = emptyLoad();
  for (const load of loads) {
    for (const name of Object.keys(sum) as (keyof Load)[]) {
      if (name !== 'unsent') sum[name] += load[name];
    }
    for (const cause of UNSENT_CAUSE_NAMES) sum.unsent[cause] += load.unsent[cause];
  }
  return sum;
}

/**
 * The difference between two cumulative loads.
 * @throws Error when a counter ran backwards
 */
export function loadSince(later: Load, earlier: Load): Load {
  const since = emptyLoad();
  for (const name of Object.keys(since) as (keyof Load)[]) {
    if (name !== 'unsent') since[name] = countSince(`load.${name}`, later[name], earlier[name]);
  }
  for (const cause of UNSENT_CAUSE_NAMES) {
    const name = `load.unsent.${cause}`;
    since.unsent[cause] = countSince(name, later.unsent[cause], earlier.unsent[cause]);
  }
  return since;
}

/** Number of messages that were never sent, over all causes. */
export function unsentOf({ unsent }: Load): number {
  return UNSENT_CAUSE_NAMES.reduce((sum, cause) => sum + unsent[cause], 0);
}

/** Whether each due message of a stopped fleet has exactly one outcome. */
export function loadBalances(load: Load): boolean {
  return (
    load.due === load.sent + unsentOf(load) &&
    load.sent === load.echoed + load.unanswered + load.reset
  );
}
