import {
  beyondBudget,
  cellKey,
  faultProblems,
  framedProblems,
  frameSizeProblems,
  gameProblems,
  isAbout,
  isFramed,
  isValidPair,
  labelNameProblems,
  type Problem,
  pacingProblems,
  parsePrediction,
  pointerTo,
  protocolOf,
  responseProblems,
  type SoakSpec,
  targetProblems,
  VALID_PAIRS,
  within,
} from '@oversoak/contracts';
import { cellsOf, layoutsOf } from './expand.ts';
import type { Rule } from './rule.ts';
import { SERVER_RULES } from './server-rules.ts';
import { THRESHOLD_RULES } from './threshold-rules.ts';
import { ZONE_RULES } from './zone-rules.ts';

/** The most runs of a soak; each is stored, queued and compared. */
export const MAX_RUNS = 1000;

export const RULES: Rule[] = [
  {
    reads: ['/workload/pacing', '/workload/ratePerSecond', '/workload/loopDelayMs'],
    problems: ({ workload }) => within('/workload', pacingProblems(workload)),
  },
  {
    reads: [
      '/workload/minFrameBytes',
      '/workload/maxFrameBytes',
      '/workload/protocol',
      '/target/protocol',
    ],
    problems: (spec) => within('/workload', frameSizeProblems(spec.workload, protocolOf(spec))),
  },
  {
    reads: ['/workload/responseBytes', '/workload/protocol', '/target/protocol'],
    problems: (spec) => within('/workload', responseProblems(spec.workload, protocolOf(spec))),
  },
  {
    reads: ['/target/protocol', '/workload', '/matrix/sessions', '/fleet/agents'],
    problems: (spec) => descriptionProblems(spec),
  },
  {
    reads: ['/workload/abortiveShare', '/workload/disconnectsPerSecond'],
    problems: ({ workload: { abortiveShare, disconnectsPerSecond } }) => {
      if (abortiveShare === 0 || disconnectsPerSecond > 0) return [];
      const detail =
        'is a share of the disconnects: workload.disconnectsPerSecond must be > 0, it is 0';
      return [{ pointer: '/workload/abortiveShare', detail }];
    },
  },
  {
    reads: ['/target/host'],
    problems: ({ target }) =>
      target === undefined ? [] : within('/target', targetProblems(target)),
  },
  {
    reads: ['/game'],
    problems: ({ game }) => within('/game', gameProblems(game)),
  },
  {
    reads: ['/fault', '/game/contents', '/target'],
    problems: ({ fault, game, target }) =>
      target === undefined ? within('/fault', faultProblems(fault, game)) : [],
  },
  {
    reads: ['/placement'],
    problems: ({ placement }) =>
      Object.entries(placement).flatMap(([part, labels = {}]) =>
        within(pointerTo('placement', part), labelNameProblems(labels)),
      ),
  },
  ...THRESHOLD_RULES,
  {
    reads: ['/predictions', '/matrix', '/target'],
    problems: (spec) => predictionProblems(spec),
  },
  ...SERVER_RULES,
  ...ZONE_RULES,
  {
    reads: ['/matrix/notifier', '/matrix/layout', '/target'],
    problems: (spec) =>
      layoutsOf(spec).flatMap((layout, index) => {
        const notifiers = spec.matrix.notifier ?? [];
        const refused = notifiers.filter((notifier) => !isValidPair(notifier, layout));
        if (refused.length === 0) return [];
        const valid = VALID_PAIRS.map((pair) => `${pair.notifier} × ${pair.layout}`).join(', ');
        const detail = `"${layout}" does not go with ${refused.join(', ')}; valid: ${valid}`;
        return [{ pointer: pointerTo('matrix', 'layout', index), detail }];
      }),
  },
  {
    reads: ['/matrix/sessions', '/fleet/agents'],
    problems: ({ matrix, fleet }) =>
      matrix.sessions.flatMap((sessions, index) => {
        if (sessions >= fleet.agents) return [];
        const detail = `${sessions} cannot be split over ${fleet.agents} fleet agents`;
        return [{ pointer: pointerTo('matrix', 'sessions', index), detail }];
      }),
  },
  {
    reads: ['/matrix', '/target', '/repeats'],
    problems: (spec) => tooManyRuns(cellsOf(spec).length, spec.repeats),
  },
  {
    reads: ['/strictBudget', '/threads', '/game/contents', '/matrix', '/target'],
    problems: (spec) => (spec.strictBudget ? budgetProblems(spec) : []),
  },
];

/** The problem of a soak with too many runs; empty: none. */
export function tooManyRuns(cells: number, repeats: number): Problem[] {
  if (cells * repeats <= MAX_RUNS) return [];
  const runs = `${cells} cells × ${repeats} repeats = ${cells * repeats} runs`;
  return [{ pointer: '/repeats', detail: `${runs}; a soak has at most ${MAX_RUNS}` }];
}

/** What the fleets of the largest cell cannot run. */
function descriptionProblems({ target, workload, matrix, fleet }: SoakSpec): Problem[] {
  if (target === undefined || !isFramed(target.protocol)) return [];
  const sessions = Math.ceil(Math.max(...matrix.sessions) / fleet.agents);
  return within('/target/protocol', framedProblems(target.protocol, { ...workload, sessions }));
}

function predictionProblems(spec: SoakSpec): Problem[] {
  const cells = cellsOf(spec);
  return (spec.predictions ?? []).flatMap((given, index) => {
    const pointer = pointerTo('predictions', index);
    const parsed = parsePrediction(given);
    if ('error' in parsed) return [{ pointer, detail: parsed.error }];
    if (cells.some((cell) => isAbout(parsed.prediction, cell))) return [];
    const of = Object.entries(parsed.prediction.of).map(([name, value]) => `${name} ${value}`);
    return [{ pointer, detail: `no cell of the matrix has ${of.join(', ')}` }];
  });
}

/** Locks and queues need no threads: cells that differ only in them are reported once. */
function budgetProblems(spec: SoakSpec): Problem[] {
  const details = cellsOf(spec).flatMap(({ notifier, layout, sessions }) => {
    if (notifier === null || layout === null) return [];
    const cell = { notifier, layout, sessions };
    const reason = beyondBudget(cell, spec.threads, spec.game.contents.length);
    return reason === null ? [] : [`${cellKey(cell)}: ${reason}`];
  });
  return [...new Set(details)].map((detail) => ({ pointer: '/strictBudget', detail }));
}
