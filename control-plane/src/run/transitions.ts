import type { RunState } from '@oversoak/contracts';
import type { RunLimits } from '../model/run-limits.ts';
import { type Ending, memberKey, type RunRecord, working } from '../model/run-record.ts';
import { deadlineOf } from './deadlines.ts';
import { type Effect, effectsOf } from './effects.ts';
import type { InputOf, RunInput, RunInputKind, Who } from './run-inputs.ts';

/** The next record and its effects after it is stored; null: the event changes nothing. */
export type Step = { run: RunRecord; effects: Effect[] } | null;

interface At {
  nowMs: number;
  limits: RunLimits;
}

type Move<K extends RunInputKind> = (run: RunRecord, event: InputOf<K>, at: At) => Step;
type Row = { readonly [K in RunInputKind]: Move<K> };

/** Pure: applies an event to a run at `nowMs`, Redis time. */
export function next(run: RunRecord, event: RunInput, nowMs: number, limits: RunLimits): Step {
  if (event.kind === 'timer' && !due(run, event, nowMs)) return null;
  // The table's type pairs each kind with its event; TypeScript cannot follow the pairing here.
  const move = TABLE[run.state][event.kind] as Move<RunInputKind>;
  return move(run, event, { nowMs, limits });
}

function due(run: RunRecord, timer: InputOf<'timer'>, nowMs: number): boolean {
  const meant = run.state === timer.state && run.deadlineMs === timer.deadlineMs;
  return meant && nowMs >= timer.deadlineMs;
}

const ignore = (): Step => null;

function stay(run: RunRecord, changes: Partial<RunRecord>): Step {
  return { run: { ...run, ...changes, version: run.version + 1 }, effects: [] };
}

function enter(run: RunRecord, state: RunState, changes: Partial<RunRecord>, at: At): Step {
  const entered = { ...run, ...changes, state, stateSinceMs: at.nowMs, version: run.version + 1 };
  const timed = { ...entered, deadlineMs: deadlineOf(entered, at.nowMs, at.limits) };
  return { run: timed, effects: effectsOf(timed) };
}

const add = (keys: readonly string[], key: string) => [...new Set([...keys, key])];

/** Ends a run early: aborts the members that still work on it and waits for them to stop. */
function end(run: RunRecord, ending: Ending, at: At, changes: Partial<RunRecord> = {}): Step {
  return enter(run, 'judging', { ...changes, ending }, at);
}

const endWith =
  (verdict: Ending['verdict'], reason: (run: RunRecord) => string) =>
  (run: RunRecord, _event: unknown, at: At): Step =>
    end(run, { verdict, reason: reason(run) }, at);

const names = (members: readonly Who[]) =>
  members.map((member) => `${member.agentId} (${member.role})`).join(', ');

const cancel = endWith('cancelled', () => 'cancelled by request');
const neverRan = endWith('inconclusive', () => 'waited too long for its turn');
const noAgents = endWith('inconclusive', () => 'waited too long for free agents');

const admit: Move<'admit'> = (run, _event, at) => enter(run, 'allocating', {}, at);

const placeable: Move<'placeable'> = (run) =>
  run.unplaceableSinceMs === null ? null : stay(run, { unplaceableSinceMs: null });

const unplaceable: Move<'unplaceable'> = (run, event, at) => {
  const { unplaceableSinceMs } = run;
  if (unplaceableSinceMs === null) return stay(run, { unplaceableSinceMs: at.nowMs });
  if (at.nowMs - unplaceableSinceMs < at.limits.unplaceableMs) return null;
  return end(run, { verdict: 'inconclusive', reason: event.reason }, at);
};

const allocated: Move<'allocated'> = (run, event, at) =>
  enter(run, 'preparing', { epoch: event.epoch, gang: event.gang }, at);

const prepared: Move<'prepared'> = (run, event, at) => {
  const key = memberKey(event.who);
  if (run.prepared.includes(key)) return null;
  // Only the server decides the endpoint.
  const named = event.who.role === 'server' ? event.endpoint : undefined;
  const changes = { prepared: add(run.prepared, key), endpoint: named ?? run.endpoint };
  if (changes.prepared.length < run.gang.length) return stay(run, changes);
  if (changes.endpoint === null) {
    const reason = `${event.who.agentId} prepared the server but named no endpoint`;
    return end(run, { verdict: 'inconclusive', reason }, at, changes);
  }
  const startAtMs = Math.ceil(at.nowMs + at.limits.startLeadMs);
  return enter(run, 'starting', { ...changes, startAtMs }, at);
};

const prepareTimedOut: Move<'timer'> = (run, _event, at) => {
  const late = run.gang.filter((member) => !run.prepared.includes(memberKey(member)));
  const reason = `prepare timed out: no report from ${names(late)}`;
  return end(run, { verdict: 'inconclusive', reason }, at);
};

const finishTimedOut: Move<'timer'> = (run, _event, at) => {
  const reason = `no result from ${names(working(run))} after the run's end`;
  return end(run, { verdict: 'inconclusive', reason }, at);
};

const enterOnTime =
  (state: RunState): Move<'timer'> =>
  (run, _event, at) =>
    enter(run, state, {}, at);

const finished: Move<'finished'> = (run, event, at) => {
  const key = memberKey(event.who);
  if (run.finished.includes(key)) return null;
  const changes = { finished: add(run.finished, key), ended: add(run.ended, key) };
  if (changes.finished.length < run.gang.length) return stay(run, changes);
  return enter(run, 'judging', changes, at);
};

/** As hex where Windows means a status such as 0xC0000005 (access violation). */
export function exitCodeText(exitCode: number | null): string {
  if (exitCode === null) return 'no exit code';
  const unsigned = exitCode >>> 0;
  return unsigned > 0xffff
    ? `exit code 0x${unsigned.toString(16).toUpperCase()}`
    : `exit code ${exitCode}`;
}

function failureReason({ who, reason, exitCode }: InputOf<'failed'>): string {
  const code = exitCode === undefined ? '' : exitCodeText(exitCode);
  // Most agents already include the exit code in their reason.
  const behind = reason.includes(code) ? '' : ` (${code})`;
  return `${who.role} on ${who.agentId} failed: ${reason}${behind}`;
}

const memberFailed: Move<'failed'> = (run, event, at) => {
  // If the host process dies under load, the server under test has failed: that is a result.
  const begun = run.startAtMs !== null && at.nowMs >= run.startAtMs;
  const died = begun && event.who.role === 'server' && event.exitCode !== undefined;
  const verdict = died ? 'failed' : 'inconclusive';
  const reason = failureReason(event);
  const ended = add(run.ended, memberKey(event.who));
  return end(run, { verdict, reason }, at, { ended, notes: [...run.notes, reason] });
};

const memberAborted: Move<'aborted'> = (run, event, at) => {
  const reason = `${event.who.role} on ${event.who.agentId} stopped by itself: ${event.reason}`;
  const ended = add(run.ended, memberKey(event.who));
  return end(run, { verdict: 'inconclusive', reason }, at, { ended });
};

const memberLost: Move<'lost'> = (run, event, at) => {
  if (run.ended.includes(memberKey(event.who))) return null;
  const reason = `agent ${event.who.agentId} (${event.who.role}) was lost: its lease lapsed`;
  const key = memberKey(event.who);
  const changes = { ended: add(run.ended, key), lost: add(run.lost, key) };
  return end(run, { verdict: 'inconclusive', reason }, at, changes);
};

const missed: Move<'missed'> = (run, event, at) =>
  end(run, { verdict: 'failed', reason: event.reason, missed: event.check }, at);

/** While judging: records that a member has stopped. */
function acknowledge(run: RunRecord, who: Who, note: string | null, at: At): Step {
  const key = memberKey(who);
  if (run.ended.includes(key)) return null;
  const notes = note === null ? run.notes : [...run.notes, note];
  const changes = { ended: add(run.ended, key), notes };
  const more = run.gang.some((member) => !changes.ended.includes(memberKey(member)));
  return more ? stay(run, changes) : enter(run, 'judging', changes, at);
}

const stopAcknowledged: Move<'aborted'> = (run, event, at) => acknowledge(run, event.who, null, at);
const finishedMeanwhile: Move<'finished'> = (run, event, at) =>
  acknowledge(run, event.who, null, at);
const failedMeanwhile: Move<'failed'> = (run, event, at) =>
  acknowledge(run, event.who, failureReason(event), at);
const lostMeanwhile: Move<'lost'> = (run, event, at) =>
  acknowledge(run, event.who, `agent ${event.who.agentId} was lost while stopping`, at);

/** Stops waiting for silent members. If none is left, this requests the judgement again. */
const stopWaiting: Move<'timer'> = (run, _event, at) => {
  const silent = working(run);
  const notes = silent.map((member) => `${names([member])} did not acknowledge the abort`);
  const ended = run.gang.map(memberKey);
  return enter(run, 'judging', { ended, notes: [...run.notes, ...notes] }, at);
};

const judged: Move<'judged'> = (run, event, at) =>
  working(run).length > 0 ? null : enter(run, 'done', { judgement: event.judgement }, at);

/** After a restart of the control plane, agents get time to deliver reports before a timeout. */
const graceForReports: Move<'recovered'> = (run, _event, at) => {
  const deadlineMs = Math.max(run.deadlineMs ?? 0, Math.ceil(at.nowMs + at.limits.recoverGraceMs));
  const rearmed = { ...run, deadlineMs, version: run.version + 1 };
  return { run: rearmed, effects: effectsOf(rearmed) };
};
const actAgain: Move<'recovered'> = (run) => ({
  run: { ...run, version: run.version + 1 },
  effects: effectsOf(run),
});

/** The default row: a state ignores every event that its own row does not list. */
const NOTHING: Row = {
  admit: ignore,
  placeable: ignore,
  unplaceable: ignore,
  allocated: ignore,
  prepared: ignore,
  started: ignore,
  finished: ignore,
  failed: ignore,
  aborted: ignore,
  lost: ignore,
  timer: ignore,
  cancel: ignore,
  missed: ignore,
  recovered: ignore,
  judged: ignore,
};

/** Shared by the states from `starting` to `draining`. */
const ON_THE_WAY: Row = {
  ...NOTHING,
  finished,
  failed: memberFailed,
  aborted: memberAborted,
  lost: memberLost,
  cancel,
  recovered: actAgain,
};

/** The transition table: state × event → move. */
const TABLE: { readonly [S in RunState]: Row } = {
  queued: { ...NOTHING, admit, timer: neverRan, cancel },
  allocating: { ...NOTHING, placeable, unplaceable, allocated, timer: noAgents, cancel },
  preparing: {
    ...NOTHING,
    prepared,
    failed: memberFailed,
    aborted: memberAborted,
    lost: memberLost,
    timer: prepareTimedOut,
    cancel,
    recovered: graceForReports,
  },
  starting: { ...ON_THE_WAY, timer: enterOnTime('warming') },
  warming: { ...ON_THE_WAY, missed, timer: enterOnTime('measuring') },
  measuring: { ...ON_THE_WAY, missed, timer: enterOnTime('draining') },
  draining: { ...ON_THE_WAY, timer: finishTimedOut, recovered: graceForReports },
  judging: {
    ...NOTHING,
    finished: finishedMeanwhile,
    failed: failedMeanwhile,
    aborted: stopAcknowledged,
    lost: lostMeanwhile,
    timer: stopWaiting,
    recovered: graceForReports,
    judged,
  },
  done: NOTHING,
};
