import { type Static, Type } from 'typebox';
import {
  type Layout,
  type Notifier,
  SESSIONS_PER_IO_THREAD,
  THREADS_PER_CONTENT,
} from './matrix.ts';

/** A server's thread budget, the same for all cells of a soak. */
export const Threads = Type.Object(
  {
    io: Type.Integer({ default: 1, minimum: 1, maximum: 256, description: 'IO threads' }),
    content: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 256,
      description:
        'content threads; homo has none and runs that many more IO threads instead, so that each layout has the same budget',
    }),
  },
  {
    additionalProperties: false,
    default: {},
    description:
      'the thread budget; a model that needs more threads runs them and shows it (strictBudget refuses it)',
  },
);
export type Threads = Static<typeof Threads>;

/** Threads that a server starts with. */
export interface ThreadPlan {
  io: number;
  /** Threads per content; 0 in homo. */
  perContent: number;
}

export function threadPlan(layout: Layout, budget: Threads, contents: number): ThreadPlan {
  const perContent = THREADS_PER_CONTENT[layout](budget.content, contents);
  // Without content threads their part of the budget goes to the IO threads.
  return { io: perContent === 0 ? budget.io + budget.content : budget.io, perContent };
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
    const has = plan.io > budget.io ? `${budget.io} + ${budget.content}` : plan.io;
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
