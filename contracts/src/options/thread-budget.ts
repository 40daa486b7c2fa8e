import { type Static, Type } from 'typebox';
import type { Layout, Notifier } from './matrix.ts';

/** A server's thread budget, the same for all cells of a soak. */
export const Threads = Type.Object(
  {
    io: Type.Integer({ default: 1, minimum: 1, maximum: 256, description: 'IO threads' }),
    content: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 256,
      description:
        'content threads; homo, which has none, runs as many more IO threads instead, so that each layout has the same budget',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description:
      'the thread budget; a model that needs more runs and says so (strictBudget refuses it)',
  },
);
export type Threads = Static<typeof Threads>;

/**
 * Maximum sessions per IO thread. `event`, `event-select`: WSAWaitForMultipleEvents takes
 * WSA_MAXIMUM_WAIT_EVENTS (64) handles, one of which is the dummy event. `select`: FD_SETSIZE is
 * raised to 1,024, and the wake-up socket takes one place. `async-select`: a thread's message queue
 * holds 10,000 posted messages (USERPostMessageLimit), and a session may have three in it.
 */
export const SESSIONS_PER_IO_THREAD: Partial<Record<Notifier, number>> = {
  event: 63,
  select: 1023,
  'event-select': 63,
  'async-select': 3333,
};

/** One thread per content would be the hetero layout. */
const MIN_CHANNELS = 2;

/** The threads that a server starts with. */
export interface ThreadPlan {
  io: number;
  /** Threads per content; 0 in homo. */
  perContent: number;
}

export function threadPlan(layout: Layout, budget: Threads, contents: number): ThreadPlan {
  switch (layout) {
    case 'homo':
      return { io: budget.io + budget.content, perContent: 0 };
    case 'hetero':
      return { io: budget.io, perContent: 1 };
    case 'hetero-channels':
      return {
        io: budget.io,
        perContent: Math.max(MIN_CHANNELS, Math.floor(budget.content / contents)),
      };
  }
}

/**
 * Why a cell needs more threads than its budget, with the arithmetic; null if it does not. The
 * server runs anyway unless `strictBudget` is set, and reports the threads that it ran.
 */
export function beyondBudget(
  { notifier, layout, sessions }: { notifier: Notifier; layout: Layout; sessions: number },
  budget: Threads,
  contents: number,
): string | null {
  const plan = threadPlan(layout, budget, contents);
  const reasons: string[] = [];
  const perThread = SESSIONS_PER_IO_THREAD[notifier] ?? Number.POSITIVE_INFINITY;
  const io = Math.ceil(sessions / perThread);
  if (io > plan.io) {
    const has =
      layout === 'homo' && budget.content > 0 ? `${budget.io} + ${budget.content}` : plan.io;
    reasons.push(
      `${sessions} sessions at ${perThread} to a thread need ${io} IO threads, the budget has ${has}`,
    );
  }
  const content = plan.perContent * contents;
  if (content > budget.content) {
    reasons.push(
      `${contents} contents need ${content} content threads, the budget has ${budget.content}`,
    );
  }
  return reasons.length === 0 ? null : reasons.join('; ');
}
