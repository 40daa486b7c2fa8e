import { RUN_ATTRIBUTES } from './attributes.ts';

const agent = { by: 'agent' } as const;

/** Metrics of soaks with zones, as all `METRICS`. Other soaks have no points of them. */
export const ZONE_METRICS = {
  'oversoak.delivery.latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description:
      'from when a message to a zone was due until a member has it, its sender included; measurement only',
  },
  'oversoak.zone.broadcasts': {
    ...agent,
    kind: 'sum',
    unit: '{message}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'messages that the server gave to all members of a zone; measurement only',
  },
  'oversoak.zone.deliveries': {
    ...agent,
    kind: 'sum',
    unit: '{delivery}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description:
      'deliveries of these, and of ticks, that the server queued for members; measurement only',
  },
  'oversoak.zone.ticks': {
    ...agent,
    kind: 'sum',
    unit: '{tick}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'updates that the server sent to its zones without a request; measurement only',
  },
  'oversoak.zone.ticks_skipped': {
    ...agent,
    kind: 'sum',
    unit: '{tick}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'ticks that the server left out because it was late; measurement only',
  },
  'oversoak.zone.tick_lateness': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description: 'from when a tick was due until the server sent it; measurement only',
  },
  'oversoak.tick.latency': {
    ...agent,
    kind: 'histogram',
    unit: 's',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description:
      'from when a tick of a zone was due until a member has it, where server and fleet share a clock; measurement only',
  },
  'oversoak.zone.left_out': {
    ...agent,
    kind: 'sum',
    unit: '{delivery}',
    attributes: RUN_ATTRIBUTES,
    perRun: true,
    description:
      'deliveries that the policies drop and newest left out for members that read too slowly; measurement only',
  },
  'oversoak.zone.backlog': {
    ...agent,
    kind: 'gauge',
    unit: 'By',
    attributes: RUN_ATTRIBUTES,
    description: 'most bytes that have waited for one member, since the start of the run',
  },
} as const;
