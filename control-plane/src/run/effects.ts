import {
  type Member,
  memberKey,
  type RunRecord,
  unacknowledged,
  working,
} from '../model/run-record.ts';

/** What is to be done outside once a state is stored; doing it twice changes nothing. */
export type Effect =
  | { kind: 'assign'; members: Member[] }
  | { kind: 'start'; members: Member[] }
  | { kind: 'abort'; members: Member[]; reason: string }
  | { kind: 'timer'; atMs: number }
  | { kind: 'judge' }
  | { kind: 'dispatch' }
  /** The soak may be done by it. */
  | { kind: 'notifySoakEnd' };

/**
 * The effects of a stored state. They follow from the record alone, so that a control plane that
 * finds a run whose effects are unconfirmed can have them done again. Where no timer is set
 * the deadline is far or unlikely to matter, and the watch alone looks at it.
 */
export function effectsOf(run: RunRecord): Effect[] {
  const timer: Effect[] = run.deadlineMs === null ? [] : [{ kind: 'timer', atMs: run.deadlineMs }];
  switch (run.state) {
    case 'queued':
      return [{ kind: 'dispatch' }];
    case 'allocating':
      // The dispatcher, which took it there, looks at it again until it has a gang.
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
      // Stands in their queues before their slots are given to another run.
      const members = unacknowledged(run);
      const reason = run.ending?.reason ?? 'the run has ended';
      const abort: Effect[] = members.length === 0 ? [] : [{ kind: 'abort', members, reason }];
      return working(run).length === 0 ? [...abort, { kind: 'judge' }] : [...abort, ...timer];
    }
    case 'done':
      return [{ kind: 'dispatch' }, { kind: 'notifySoakEnd' }];
  }
}
