import type { RunJob } from '@oversoak/contracts';
import { ROLES, type Role } from '@oversoak/contracts';

/** What the agent remembers of a run: its newest epoch and the parts that the agent held in it. */
export interface KnownRun {
  epoch: number;
  /** Keyed by role; `live` until the host process has exited. */
  parts: ReadonlyMap<Role, 'live' | 'ended'>;
}

export type Refusal = 'other incarnation' | 'old epoch' | 'not prepared';

export type Admission =
  /** Accept the assignment once the remains of an older epoch have ended. */
  | { kind: 'take' }
  /** Forward to the live parts. */
  | { kind: 'pass' }
  /** No live part: acknowledge for every role that the run may have had. */
  | { kind: 'acknowledge'; roles: Role[] }
  | { kind: 'duplicate' }
  | { kind: 'refuse'; why: Refusal };

/**
 * Fences jobs by the agent's incarnation and the run's epoch. Epochs are remembered for the life of
 * the process. A later process never had the parts of an earlier one and must not start them again.
 * Ended parts are remembered too, so that neither a repeated job nor one that its abort overtook
 * starts a run again.
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
