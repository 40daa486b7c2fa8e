import { NOTIFIERS, type SoakSpec } from '@oversoak/contracts';
import type { Rule } from './rule.ts';

/** Refuses a field with a target, because the field configures a server that oversoak starts. */
function ownServerOnly(
  pointer: string,
  isSet: (spec: SoakSpec) => boolean,
  instead = 'leave it out with a target',
): Rule {
  const detail = `configures a server that oversoak starts; ${instead}`;
  return {
    reads: [pointer, '/target'],
    problems: (spec) => (spec.target !== undefined && isSet(spec) ? [{ pointer, detail }] : []),
  };
}

/**
 * A soak has either its own server or a target, and may not configure the other one. Fields with
 * defaults (threads, game, server) are always filled in, so they are accepted and unused.
 */
export const SERVER_RULES: Rule[] = [
  {
    reads: ['/matrix/notifier', '/target'],
    problems: ({ matrix, target }) => {
      if (target !== undefined || matrix.notifier !== undefined) return [];
      const detail = `is required without a target; valid: ${NOTIFIERS.join(', ')}`;
      return [{ pointer: '/matrix/notifier', detail }];
    },
  },
  ownServerOnly('/matrix/notifier', ({ matrix }) => matrix.notifier !== undefined),
  ownServerOnly('/matrix/layout', ({ matrix }) => matrix.layout !== undefined),
  ownServerOnly('/matrix/containerLock', ({ matrix }) => matrix.containerLock !== undefined),
  ownServerOnly('/matrix/contentQueue', ({ matrix }) => matrix.contentQueue !== undefined),
  ownServerOnly(
    '/workload/protocol',
    ({ workload }) => workload.protocol !== undefined,
    "the target's own protocol is at /target/protocol",
  ),
  ownServerOnly('/strictBudget', ({ strictBudget }) => strictBudget, 'valid with a target: false'),
  ownServerOnly('/placement/server', ({ placement }) => placement.server !== undefined),
  ownServerOnly('/fault', ({ fault }) => fault !== undefined),
];
