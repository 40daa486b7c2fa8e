import { BUFFER_PROBES } from './buffers.ts';
import { CONNECTION_PROBES } from './connections.ts';
import { ENDING_PROBES } from './endings.ts';
import { FILE_PROBES } from './files.ts';
import { NOTICE_PROBES } from './notices.ts';
import { PENDING_PROBES } from './pending.ts';
import type { Probe } from './probe.ts';
import { READINESS_PROBES } from './readiness.ts';

/** All probes, in documentation order. */
export const PROBES: readonly Probe[] = [
  ...PENDING_PROBES,
  ...NOTICE_PROBES,
  ...BUFFER_PROBES,
  ...READINESS_PROBES,
  ...CONNECTION_PROBES,
  ...ENDING_PROBES,
  ...FILE_PROBES,
];

export const PROBE_NAMES: readonly string[] = PROBES.map(({ name }) => name);

export function findProbe(name: string): Probe | undefined {
  return PROBES.find((probe) => probe.name === name);
}
