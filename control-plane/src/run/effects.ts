import {
  type Member,
  memberKey,
  type RunRecord,
  unacknowledged,
  working,
} from '../model/run-record.ts';

/** A side effect to perform after a state is stored; idempotent. */
export type Effect =
  | { kind: 'assign'; members: Member[] }
  | { kind: 'start'; members: Member[] }
  | { kind: 'abort'; members: Member[]; reason: string }
  | { kind: 'timer'; atMs: number }
  | { kind: 'judge' }
  | { kind: 'dispatch' }
  /** The end of this run may be the end of its soak. */
  | { kind: 'notifySoakEnd' };

/**
 * The effects of a stored state. They follow from the record alone, so that any control plane can
 * repeat unconfirmed effects. States without a timer have deadlines that are far away or unlikely
 * to matter; `Watch` checks those.
 */
export function effectsOf(run: RunRecord): Effect[] {
  const timer: Effect[] = run.deadlineMs === null ? [] : [{ kind: 'timer', atMs: run.deadlineMs }];
  switch (run.state) {
    case 'queued':
      return [{ kind: 'dispatch' }];
    case 'allocating':
      // The dispatcher retries until the run has a gang.
      return [];
    case 'preparing': {
      const members = run.gang.filter((member) => !run.prepared.includes(memberKey(member)));
      return [{ kind: 'assign', members }, ...timer];
    }
    case 'starting':
      return [{ kind: 'start', members: working(run) }, ...timer];
    case 'warming':
    case 'measuring':
    case 'draining':
      return timer;
    case 'judging': {
      // The abort jobs are queued before the slots are allocated to another run.
      const members = unacknowledged(run);
      const reason = run.ending?.reason ?? 'the run has ended';
      const abort: Effect[] = members.length === 0 ? [] : [{ kind: 'abort', members, reason }];
      return working(run).length === 0 ? [...abort, { kind: 'judge' }] : [...abort, ...timer];
    }
    case 'done':
      return [{ kind: 'dispatch' }, { kind: 'notifySoakEnd' }];
  }
}
