import type { RunJob } from '@oversoak/contracts';
import { ROLES, type Role } from '@oversoak/contracts';

/** What the agent remembers of a run: its newest epoch, and the parts that it had of it. */
export interface KnownRun {
  epoch: number;
  /** By role; `live` until the host process is gone. */
  parts: ReadonlyMap<Role, 'live' | 'ended'>;
}

export type Refusal = 'other incarnation' | 'old epoch' | 'not prepared';

export type Admission =
  /** Take the assignment, once what is left of an older epoch has ended. */
  | { kind: 'take' }
  /** Pass on to the live parts. */
  | { kind: 'pass' }
  /** Nothing lives here: say so, for every role that the run may have had. */
  | { kind: 'acknowledge'; roles: Role[] }
  | { kind: 'duplicate' }
  | { kind: 'refuse'; why: Refusal };

/**
 * Fences by the agent's incarnation and by the run's epoch. Epochs are remembered as long as the
 * process lives; a later one never had the parts of an earlier one, and must not begin them again.
 * A part that ended is remembered, so that neither a repeated job nor one that
 * was overtaken by its abort begins a run again.
 */
export function admit(job: RunJob, known: KnownRun | undefined, incarnation: string): Admission {
  if ('incarnation' in job && job.incarnation !== incarnation) {
    return { kind: 'refuse', why: 'other incarnation' };
  }
  if (known !== undefined && job.epoch < known.epoch) return { kind: 'refuse', why: 'old epoch' };
  const current = known !== undefined && job.epoch === known.epoch;
  const live = current && [...known.parts.values()].includes('live');
  switch (job.kind) {
    case 'assign':
      return current && known.parts.has(job.part.role) ? { kind: 'duplicate' } : { kind: 'take' };
    case 'start':
      return live ? { kind: 'pass' } : { kind: 'refuse', why: 'not prepared' };
    case 'abort': {
      if (live) return { kind: 'pass' };
      return { kind: 'acknowledge', roles: current ? [...known.parts.keys()] : [...ROLES] };
    }
  }
}
