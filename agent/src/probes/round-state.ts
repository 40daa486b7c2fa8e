// A round of probes, one after the other in one host process, as a pure table.
//
//   starting ─probing→ running ─probed→ starting (the next one) ... ─the last one→ ending → over
//
// The deadline of a probe counts from `probing`, when its host has loaded the engine and begins. A
// host that hangs is killed. After a hang or a crash, the current probe is settled and the rest
// continues in a new host, but never alongside the old one.
import type { ProbeAnswer } from '@oversoak/contracts';
import { crashText, type HostExit } from '../host/host-process.ts';

/** null: the engine has no probes. */
export type Settled =
  | { kind: 'answered'; answer: ProbeAnswer | null }
  | { kind: 'unanswered'; why: string };

export type RoundState =
  | { name: 'starting' | 'running'; probe: string; left: readonly string[] }
  /** The host was killed and has not exited yet. */
  | { name: 'ending'; left: readonly string[] }
  | { name: 'over' };

export type RoundEvent =
  | { kind: 'probing' }
  | { kind: 'probed'; answer: ProbeAnswer | null }
  | { kind: 'failed'; reason: string }
  | { kind: 'overdue' }
  | { kind: 'exited'; exit: HostExit }
  /** Probes without an answer by then stay unanswered. */
  | { kind: 'stop' };

export type RoundEffect =
  | { kind: 'fork' }
  | { kind: 'request'; probe: string }
  | { kind: 'kill' }
  | { kind: 'settle'; probe: string; settled: Settled };

export interface RoundStep {
  state: RoundState;
  effects: RoundEffect[];
}

type AtProbe = Extract<RoundState, { probe: string }>;

/** Starts the first of `names` in a new host process. */
export function begin(names: readonly string[]): RoundStep {
  const [probe, ...left] = names;
  if (probe === undefined) return { state: { name: 'over' }, effects: [] };
  const effects: RoundEffect[] = [{ kind: 'fork' }, { kind: 'request', probe }];
  return { state: { name: 'starting', probe, left }, effects };
}

export function next(state: RoundState, event: RoundEvent): RoundStep {
  switch (state.name) {
    case 'starting':
    case 'running':
      return whileAtProbe(state, event);
    case 'ending':
      return whileEnding(state, event);
    case 'over':
      return { state, effects: [] };
  }
}

function whileAtProbe(state: AtProbe, event: RoundEvent): RoundStep {
  const { probe, left } = state;
  switch (event.kind) {
    case 'probing':
      return {
        state: state.name === 'running' ? state : { ...state, name: 'running' },
        effects: [],
      };
    case 'probed':
      return withSettled(probe, { kind: 'answered', answer: event.answer }, goOn(left));
    case 'failed':
      return withSettled(probe, { kind: 'unanswered', why: event.reason }, end(left));
    case 'overdue':
      return withSettled(probe, { kind: 'unanswered', why: overdueText(state) }, end(left));
    case 'exited': {
      const why = `its process ended while it was ${state.name}: ${crashText(event.exit)}`;
      return withSettled(probe, { kind: 'unanswered', why }, begin(left));
    }
    case 'stop':
      return end([]);
  }
}

function whileEnding(state: Extract<RoundState, { name: 'ending' }>, event: RoundEvent): RoundStep {
  switch (event.kind) {
    case 'exited':
    // A process that the operating system does not release must not delay the rest.
    case 'overdue':
      return begin(state.left);
    case 'stop':
      return { state: { name: 'ending', left: [] }, effects: [] };
    case 'probing':
    case 'probed':
    case 'failed':
      return { state, effects: [] };
  }
}

/** Continues in the same host process. */
function goOn([probe, ...left]: readonly string[]): RoundStep {
  if (probe === undefined) return end([]);
  return { state: { name: 'starting', probe, left }, effects: [{ kind: 'request', probe }] };
}

function end(left: readonly string[]): RoundStep {
  return { state: { name: 'ending', left }, effects: [{ kind: 'kill' }] };
}

function withSettled(probe: string, settled: Settled, step: RoundStep): RoundStep {
  return { ...step, effects: [{ kind: 'settle', probe, settled }, ...step.effects] };
}

function overdueText({ name }: AtProbe): string {
  return name === 'running'
    ? 'it did not finish before its deadline; its process was killed'
    : 'its process did not start it in time; the process was killed';
}
