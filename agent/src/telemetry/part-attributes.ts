import type { Assign, System } from '@oversoak/contracts';
import type { Attributes } from '@oversoak/telemetry';

export interface Whose {
  agentId: string;
  platform: System;
}

/** Attributes of a part; each metric and span declares which of them it has. */
export function partAttributes(assign: Assign, { agentId }: Pick<Whose, 'agentId'>): Attributes {
  const { about, part } = assign;
  return {
    ...fenceAttributes(assign),
    'oversoak.soak.id': assign.soakId,
    'oversoak.soak.name': about.soakName,
    ...(about.schedule === undefined ? {} : { 'oversoak.schedule': about.schedule }),
    'oversoak.run.repeat': about.repeat,
    'oversoak.cell': about.cell,
    'oversoak.notifier': about.notifier,
    'oversoak.layout': about.layout,
    'oversoak.sessions': about.sessions,
    'oversoak.agent.id': agentId,
    'oversoak.platform': about.platform,
    'oversoak.role': part.role,
  };
}

/** Attributes that identify a run's allocation on every job and report. */
export function fenceAttributes({ runId, epoch }: Pick<Assign, 'runId' | 'epoch'>): Attributes {
  return { 'oversoak.run.id': runId, 'oversoak.run.epoch': epoch };
}
