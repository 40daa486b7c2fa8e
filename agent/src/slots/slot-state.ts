// The agent's side of one part of a run, as a pure table.
//
//   waiting ─room→ preparing ─prepared→ prepared ─start→ starting ─started→ running
//     ─finished→ ending → ended
//
// From every state an abort, a failure or a missed deadline leads to `ending`: the outcome is
// settled but the host process still lives. Its exit leads to `ended`, where the slot is free. In
// `waiting` there is no host process yet, so the same events lead to `ended` at once.
// The outcome is reported only in `ended`, because the receiver may use the slot at once.
import type { Start } from '@oversoak/contracts';
import { crashText, exitText, type HostExit, LEFT_OTHERS } from '../host/host-process.ts';
import type { PartResult } from '../host/messages.ts';
import type { PluginDeed } from './plugin-reason.ts';

export type Outcome =
  | { kind: 'finished'; result: PartResult }
  /** `pluginMay`: what a plug-in in the host process may have done, if it had one. */
  | { kind: 'failed'; reason: string; exitCode?: number | null; pluginMay?: PluginDeed }
  | { kind: 'aborted'; reason: string };

export type SlotState =
  | { name: 'waiting' | 'preparing' | 'prepared' | 'starting' | 'running' | 'ended' }
  | { name: 'ending'; outcome: Outcome };
export type SlotStateName = SlotState['name'];

export type SlotEvent =
  | { kind: 'room' }
  | { kind: 'prepared'; port: number | null }
  | { kind: 'start'; start: Start }
  | { kind: 'started' }
  | { kind: 'finished'; result: PartResult }
  | { kind: 'stopped' }
  | { kind: 'failed'; reason: string }
  | { kind: 'abort'; reason: string }
  | { kind: 'overdue' }
  | { kind: 'exited'; exit: HostExit };
export type SlotEventKind = SlotEvent['kind'];

export type SlotEffect =
  | { kind: 'forkHost' }
  | { kind: 'reportPrepared'; port: number | null }
  | { kind: 'sendStart'; start: Start }
  | { kind: 'reportStarted' }
  | { kind: 'stopHost' }
  | { kind: 'killHost' }
  | { kind: 'refuseStart' }
  | { kind: 'settle'; outcome: Outcome };

export interface Step {
  state: SlotState;
  effects: SlotEffect[];
}

type Move<K extends SlotEventKind> = (
  state: SlotState,
  event: Extract<SlotEvent, { kind: K }>,
) => Step;
type Moves = { [K in SlotEventKind]: Move<K> };

/** A move that handles several kinds of events. */
type SharedMove = (state: SlotState, event: SlotEvent) => Step;

const stay: SharedMove = (state) => ({ state, effects: [] });

const ending = (outcome: Outcome, effect: 'stopHost' | 'killHost' | null): Step => ({
  state: { name: 'ending', outcome },
  effects: effect === null ? [] : [{ kind: effect }],
});

const settled = (outcome: Outcome): Step => ({
  state: { name: 'ended' },
  effects: [{ kind: 'settle', outcome }],
});

/** A copy of the process by fork() shares its sockets and its ring, so either may crash of it. */
const deedOf = ({ leftOthers }: HostExit): PluginDeed =>
  leftOthers ? 'have called fork()' : 'have ended it';
const leftText = ({ leftOthers }: HostExit) => (leftOthers ? `; ${LEFT_OTHERS}` : '');

const abort: Move<'abort'> = (_, { reason }) => ending({ kind: 'aborted', reason }, 'stopHost');
const fail: Move<'failed'> = (_, { reason }) => ending({ kind: 'failed', reason }, null);
const crash: Move<'exited'> = (state, { exit }) =>
  settled({
    kind: 'failed',
    reason: `the host process ended while ${state.name}: ${crashText(exit)}${leftText(exit)}`,
    exitCode: exit.code,
    pluginMay: deedOf(exit),
  });
const overdue =
  (reason: string): Move<'overdue'> =>
  () =>
    ending({ kind: 'failed', reason }, 'killHost');
/** Of a host that was at work all the time. */
const hangs =
  (reason: string): Move<'overdue'> =>
  () =>
    ending({ kind: 'failed', reason, pluginMay: 'hang' }, 'killHost');
const refuseStart: Move<'start'> = (state) => ({ state, effects: [{ kind: 'refuseStart' }] });

/**
 * A message that is impossible in this state means that the host is broken, and with it the run.
 */
const broken: SharedMove = (state, event) =>
  ending(
    { kind: 'failed', reason: `the host process sent "${event.kind}" while ${state.name}` },
    'killHost',
  );

/** The final outcome, given how the host exited after it was settled. */
function afterExit(outcome: Outcome, exit: HostExit): Outcome {
  if (outcome.kind !== 'finished') return outcome;
  if (exit.code !== 0) {
    return {
      kind: 'failed',
      reason: `the host process finished and then did not exit properly: ${exitText(exit)}${leftText(exit)}`,
      exitCode: exit.code,
      pluginMay: deedOf(exit),
    };
  }
  if (!exit.leftOthers) return outcome;
  // A copy of the process by fork() has its sessions as well: what both sent is nobody's figure.
  return {
    kind: 'failed',
    reason: `the host process finished, but ${LEFT_OTHERS}`,
    pluginMay: 'have called fork()',
  };
}

const endingExited: Move<'exited'> = (state, { exit }) => {
  if (state.name !== 'ending') throw new Error(`a host that was ending exited while ${state.name}`);
  return settled(afterExit(state.outcome, exit));
};

const hostIsUp = {
  room: stay,
  prepared: broken,
  start: stay,
  started: broken,
  finished: broken,
  stopped: broken,
  failed: fail,
  abort,
  exited: crash,
} satisfies Partial<Moves>;

const TABLE: { [S in SlotStateName]: Moves } = {
  waiting: {
    room: () => ({ state: { name: 'preparing' }, effects: [{ kind: 'forkHost' }] }),
    prepared: stay,
    start: refuseStart,
    started: stay,
    finished: stay,
    stopped: stay,
    failed: (_, { reason }) => settled({ kind: 'failed', reason }),
    abort: (_, { reason }) => settled({ kind: 'aborted', reason }),
    overdue: () => settled({ kind: 'failed', reason: 'no slot became free before the deadline' }),
    exited: stay,
  },
  preparing: {
    ...hostIsUp,
    prepared: (_, { port }) => ({
      state: { name: 'prepared' },
      effects: [{ kind: 'reportPrepared', port }],
    }),
    start: refuseStart,
    overdue: hangs('it was not prepared before the deadline'),
  },
  prepared: {
    ...hostIsUp,
    start: (_, { start }) => ({
      state: { name: 'starting' },
      effects: [{ kind: 'sendStart', start }],
    }),
    overdue: overdue('it was prepared and no start came'),
  },
  starting: {
    ...hostIsUp,
    started: () => ({ state: { name: 'running' }, effects: [{ kind: 'reportStarted' }] }),
    overdue: hangs('it did not start and finish in time'),
  },
  running: {
    ...hostIsUp,
    finished: (_, { result }) => ending({ kind: 'finished', result }, null),
    overdue: hangs('it did not finish in time'),
  },
  ending: {
    room: stay,
    prepared: stay,
    start: refuseStart,
    started: stay,
    finished: stay,
    stopped: stay,
    failed: stay,
    abort: stay,
    overdue: (state) => ({ state, effects: [{ kind: 'killHost' }] }),
    exited: endingExited,
  },
  ended: {
    room: stay,
    prepared: stay,
    start: refuseStart,
    started: stay,
    finished: stay,
    stopped: stay,
    failed: stay,
    abort: stay,
    overdue: stay,
    exited: stay,
  },
};

export function next(state: SlotState, event: SlotEvent): Step {
  // The table's type pairs each kind with its own move; indexing by a union loses that.
  const move = TABLE[state.name][event.kind] as SharedMove;
  return move(state, event);
}
