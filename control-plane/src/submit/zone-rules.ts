import { pointerTo, protocolOf, tickProblems, within, zoneProblems } from '@oversoak/contracts';
import type { Rule } from './rule.ts';

/** What goes with `workload.zones`, and what does not. */
export const ZONE_RULES: Rule[] = [
  {
    reads: ['/workload', '/target/protocol', '/matrix/sessions'],
    problems: (spec) => {
      const sessions = Math.max(...spec.matrix.sessions);
      return within('/workload', zoneProblems({ ...spec.workload, sessions }, protocolOf(spec)));
    },
  },
  {
    reads: ['/workload/zones', '/server/sendQueueBytes'],
    problems: ({ workload: { zones }, server: { sendQueueBytes } }) =>
      zones === undefined ? [] : within('/workload/zones', tickProblems(zones, sendQueueBytes)),
  },
  {
    reads: ['/workload/zones', '/target'],
    problems: ({ workload, target }) => {
      if (workload.zones === undefined || target === undefined) return [];
      const detail = "is for a server of the soak's own: a target broadcasts nothing";
      return [{ pointer: '/workload/zones', detail }];
    },
  },
  {
    reads: ['/workload/zones', '/fault'],
    problems: ({ workload, fault = {} }) => {
      if (workload.zones !== undefined) return [];
      const planted = Object.keys(fault).filter((name) => name.startsWith('zone'));
      const detail = 'is a fault of deliveries to the members of zones: it needs workload.zones';
      return planted.map((name) => ({ pointer: pointerTo('fault', name), detail }));
    },
  },
  {
    reads: ['/workload/zones', '/server/duplex'],
    problems: ({ workload, server }) => {
      if (workload.zones === undefined || server.duplex !== 'half') return [];
      const detail =
        'is "half", where a session receives only when nothing is on its way to it; with workload.zones something nearly always is; valid: full';
      return [{ pointer: '/server/duplex', detail }];
    },
  },
  {
    reads: ['/workload/zones', '/matrix/sessions', '/fleet/agents'],
    problems: ({ workload: { zones }, matrix, fleet }) => {
      if (zones === undefined) return [];
      const { size } = zones;
      return matrix.sessions.flatMap((sessions, index) => {
        const pointer = pointerTo('matrix', 'sessions', index);
        if (sessions % size !== 0) {
          const detail = `${sessions} sessions do not fill zones of ${size}: a multiple of workload.zones.size is needed`;
          return [{ pointer, detail }];
        }
        const count = sessions / size;
        if (count >= fleet.agents) return [];
        const detail =
          `${sessions} sessions in zones of ${size} are ${count} zones, which cannot be split over ` +
          `${fleet.agents} fleet agents: no zone spans two fleets`;
        return [{ pointer, detail }];
      });
    },
  },
];
