import type { Check, Endpoint, Evidence, Judgement, Role, RunState } from '@oversoak/contracts';
import type { Member } from '../model/run-record.ts';

/** What can happen to a run. `who` is the member that it happened to. */
export type RunInput =
  | { kind: 'admit' }
  | { kind: 'placeable' }
  | { kind: 'unplaceable'; reason: string }
  | { kind: 'allocated'; epoch: number; gang: Member[] }
  | { kind: 'prepared'; who: Who; endpoint?: Endpoint | undefined }
  | { kind: 'started'; who: Who }
  | { kind: 'finished'; who: Who }
  | { kind: 'failed'; who: Who; reason: string; exitCode?: number | null | undefined }
  | { kind: 'aborted'; who: Who; reason: string }
  | { kind: 'lost'; who: Who }
  /** Of the state and deadline that it was set for; in any other it is not due. */
  | { kind: 'timer'; state: RunState; deadlineMs: number }
  | { kind: 'cancel' }
  /** A threshold that ends the run is missed beyond help. */
  | { kind: 'missed'; reason: string; check: Check }
  | { kind: 'recovered' }
  | { kind: 'judged'; judgement: Judgement; evidence: Evidence | null };

export interface Who {
  agentId: string;
  role: Role;
}

/** What happens to a run from outside: its verdict is the driver's. */
export type OutsideInput = Exclude<RunInput, { kind: 'judged' }>;

export type RunInputKind = RunInput['kind'];
export type InputOf<K extends RunInputKind> = Extract<RunInput, { kind: K }>;

/** In the order of a life without mishaps; the rest behind. */
export const RUN_INPUT_KINDS = [
  'admit',
  'placeable',
  'unplaceable',
  'allocated',
  'prepared',
  'started',
  'finished',
  'failed',
  'aborted',
  'lost',
  'timer',
  'cancel',
  'missed',
  'recovered',
  'judged',
] as const satisfies readonly RunInputKind[];
