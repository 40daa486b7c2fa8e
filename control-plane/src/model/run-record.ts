import type {
  Cell,
  Check,
  Endpoint,
  Judgement,
  Phases,
  Role,
  Run,
  RunState,
  System,
  Verdict,
} from '@oversoak/contracts';

/** One part of a run on one agent. An agent may hold the server and a fleet of the same run. */
export interface Member {
  agentId: string;
  role: Role;
  /** The agent process that was allocated; a later process cannot own the run's host process. */
  incarnation: string;
  /** Address at which fleets reach its servers; the run's reports do not change it. */
  host: string;
  /** Of its environment; null in an imported run, whose agents belong to another cluster. */
  system: System | null;
}

/** A verdict decided by how the run ended, not by its figures. */
export interface Ending {
  verdict: Exclude<Verdict, 'passed'>;
  reason: string;
  /** The missed threshold that ended the run early. */
  missed?: Check;
}

/** The stored state of a run: everything that the next transition depends on. */
export interface RunRecord {
  runId: string;
  soakId: string;
  /** Place in the soak's order of execution. */
  index: number;
  cell: Cell;
  /** Counted from 1. */
  repeat: number;
  phases: Phases;
  state: RunState;
  /** Counts every stored change; a change is stored only on top of the version it was made from. */
  version: number;
  /** Of the allocation; 0 before it. */
  epoch: number;
  gang: Member[];
  stateSinceMs: number;
  /** When `timer` is due in this state, in Redis time; null only when done. */
  deadlineMs: number | null;
  /** When it became impossible to place, even with every live agent idle; null: it is possible. */
  unplaceableSinceMs: number | null;
  startAtMs: number | null;
  /** Of the server: known from the start for a target, else reported by the server agent. */
  endpoint: Endpoint | null;
  /** Member keys that reported `prepared`. */
  prepared: string[];
  /** Member keys that reported `finished`. */
  finished: string[];
  /** Member keys that have stopped working on the run, for any reason. */
  ended: string[];
  /** Members of `ended` whose lease lapsed without a report; they may reconnect. */
  lost: string[];
  ending: Ending | null;
  notes: string[];
  judgement: Judgement | null;
  /** W3C traceparent of its dispatch, so that another control plane continues the same trace. */
  trace: string | null;
}

/** A stored record, possibly from an older oversoak version without all fields. */
export function readRecord(text: string): RunRecord {
  return { trace: null, ...(JSON.parse(text) as Omit<RunRecord, 'trace'>) };
}

export function memberKey(member: { agentId: string; role: Role }): string {
  return `${member.role}.${member.agentId}`;
}

export function queuedRun(
  run: Pick<RunRecord, 'runId' | 'soakId' | 'index' | 'cell' | 'repeat' | 'phases' | 'endpoint'>,
  nowMs: number,
  deadlineMs: number,
): RunRecord {
  return {
    ...run,
    state: 'queued',
    version: 1,
    epoch: 0,
    gang: [],
    stateSinceMs: nowMs,
    deadlineMs,
    unplaceableSinceMs: null,
    startAtMs: null,
    prepared: [],
    finished: [],
    ended: [],
    lost: [],
    ending: null,
    notes: [],
    judgement: null,
    trace: null,
  };
}

/** Whether the run waits for a gang. */
export function waits({ state }: RunRecord): boolean {
  return state === 'queued' || state === 'allocating';
}

/** Members that may still be working on the run. */
export function working(run: RunRecord): Member[] {
  return run.gang.filter((member) => !run.ended.includes(memberKey(member)));
}

/** Members whose processes may still run, including lost members. */
export function unacknowledged(run: RunRecord): Member[] {
  const confirmed = run.ended.filter((key) => !run.lost.includes(key));
  return run.gang.filter((member) => !confirmed.includes(memberKey(member)));
}

/** The run as the API shows it. */
export function publicRun(run: RunRecord): Run {
  return {
    runId: run.runId,
    soakId: run.soakId,
    cell: run.cell,
    repeat: run.repeat,
    state: run.state,
    epoch: run.epoch,
    gang: run.gang.map(({ agentId, role }) => ({ agentId, role })),
    startAtMs: run.startAtMs,
    judgement: run.judgement,
  };
}
