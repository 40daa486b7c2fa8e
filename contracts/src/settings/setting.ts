import type { Static } from 'typebox';
import type { Kind } from './kinds.ts';

/** Who reads a setting. `telemetry` is a part of the control plane and of each agent. */
export const PROGRAMS = ['control-plane', 'agent', 'telemetry', 'cli', 'stack'] as const;
export type Program = (typeof PROGRAMS)[number];

/** One variable of the environment. */
export interface Setting<K extends Kind = Kind> {
  kind: K;
  readBy: readonly Program[];
  /** Programs that do not start without it. */
  requiredBy?: readonly Program[];
  /** Taken where the variable is not set. */
  default?: unknown;
  /** What happens without it, where that is no fixed value. */
  without?: string;
  /** An empty variable, or one of spaces, counts as not set. */
  blank?: 'unset';
  /** For the reference: Markdown, no full stop. */
  description: string;
}

/** Keeps the programs and whether there is a default in the type, for the reader's types. */
export function setting<
  K extends Kind,
  const S extends Omit<Setting, 'kind' | 'default'> & { default?: Static<K['schema']> },
>(kind: K, rest: S): { kind: K } & S {
  return { kind, ...rest };
}

/** Its message names each variable that has a bad value, and what is valid. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
