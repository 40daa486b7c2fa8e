import type { Check, Endpoint, Evidence, Judgement, Role, RunState } from '@oversoak/contracts';
import type { Member } from '../model/run-record.ts';

/** An input of the run's state machine. `who` is the member that it concerns. */
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
  /** Valid only for the state and deadline that it was set for. */
  | { kind: 'timer'; state: RunState; deadlineMs: number }
  | { kind: 'cancel' }
  /** A threshold with `abort` has been missed. */
  | { kind: 'missed'; reason: string; check: Check }
  | { kind: 'recovered' }
  | { kind: 'judged'; judgement: Judgement; evidence: Evidence | null };

export interface Who {
  agentId: string;
  role: Role;
}

/** All inputs except the verdict, which only the driver applies. */
export type OutsideInput = Exclude<RunInput, { kind: 'judged' }>;

export type RunInputKind = RunInput['kind'];
export type InputOf<K extends RunInputKind> = Extract<RunInput, { kind: K }>;

/** Regular inputs in their usual order, then the irregular ones. */
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
