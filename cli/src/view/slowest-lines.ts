import {
  type ComparedCell,
  milliseconds,
  percent,
  STAGE_NAMES,
  type Stage,
  slowestTitle,
} from '@oversoak/contracts';
import type { Colors } from '../shell/terminal.ts';

/** Short names of the contracts' STAGES, for one line below the table. */
const MEANINGS: Record<Stage, string> = {
  client: 'window full',
  'network+wake': 'both',
  lock: 'container',
  queue: 'content',
  work: 'content',
  send: 'posting',
  'fan-out': 'from its number in the zone',
};

/** Of every echo. */
const ECHO_STAGES = STAGE_NAMES.filter((stage) => stage !== 'fan-out');

/** A stage with a smaller share is omitted, unless it dominates. */
const SHOWN_SHARE = 0.005;

type Slowest = NonNullable<ComparedCell['slowest']>;

export interface StageShare {
  stage: Stage;
  /** Share of the slowest echoes' time, 0 to 1. */
  share: number;
}

function meanUs({ meanUs }: Slowest): number {
  return STAGE_NAMES.reduce((sum, stage) => sum + meanUs[stage], 0);
}

/** Where the slowest echoes spent their time, dominating stage first. */
export function stageShares(slowest: Slowest): StageShare[] {
  const total = meanUs(slowest);
  return STAGE_NAMES.map((stage) => ({
    stage,
    share: total === 0 ? 0 : slowest.meanUs[stage] / total,
  }))
    .filter(({ stage, share }) => stage === slowest.dominating || share >= SHOWN_SHARE)
    .sort((a, b) => b.share - a.share);
}

/** One line per cell whose protocol has stamps, and a legend of the stages. */
export function slowestLines(cells: readonly ComparedCell[], colors: Colors): string[] {
  const lines = cells.flatMap(({ key, slowest }) =>
    slowest === null ? [] : [slowestLine(key, slowest, colors)],
  );
  if (lines.length === 0) return [];
  const meanings = ECHO_STAGES.map((stage) => `${stage} (${MEANINGS[stage]})`);
  const ofZones = cells.some(({ zones }) => zones !== null);
  const fanOut = `  and, of messages to a zone, fan-out (${MEANINGS['fan-out']})`;
  return [`Stages: ${meanings.join(', ')}`, ...(ofZones ? [fanOut] : []), ...lines];
}

function slowestLine(key: string, slowest: Slowest, colors: Colors): string {
  const shares = stageShares(slowest).map(({ stage, share }) => {
    const text = `${stage} ${percent(share)}`;
    return stage === slowest.dominating ? colors.yellow(text) : text;
  });
  const title = `${key}, ${slowestTitle(slowest.count)}`;
  return `${title} (mean ${milliseconds(meanUs(slowest))} ms): ${shares.join(', ')}`;
}
