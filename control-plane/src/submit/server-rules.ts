import { NOTIFIERS, type SoakSpec } from '@oversoak/contracts';
import type { Rule } from './rule.ts';

/** Refused with a target, for it is about a server that oversoak starts. */
function ownServerOnly(
  pointer: string,
  isSet: (spec: SoakSpec) => boolean,
  instead = 'leave it out with a target',
): Rule {
  const detail = `is about a server that oversoak starts; ${instead}`;
  return {
    reads: [pointer, '/target'],
    problems: (spec) => (spec.target !== undefined && isSet(spec) ? [{ pointer, detail }] : []),
  };
}

/**
 * A soak has a server of its own or a target, and says nothing about the one that it has not.
 * What the schema always fills in (threads, game, server) cannot be distinguished from what is left out; a
 * target leaves it unused.
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
