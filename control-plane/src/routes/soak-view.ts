import { Soak, VERDICTS } from '@oversoak/contracts';
import { type Static, Type } from 'typebox';
import { worst } from '../judge/verdict.ts';
import { publicRun, type RunRecord, waits } from '../run/record.ts';
import type { SoakProgress, StoredSoak } from '../store/soaks.ts';

/** A soak in a list: without its spec and runs. */
export const SoakSummary = Type.Object(
  {
    soakId: Soak.properties.soakId,
    name: Soak.properties.name,
    createdAtMs: Soak.properties.createdAtMs,
    state: Soak.properties.state,
    verdict: Soak.properties.verdict,
    runs: Type.Integer({ minimum: 1 }),
    runsDone: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type SoakSummary = Static<typeof SoakSummary>;

function stateOf(progress: SoakProgress, runs: number): Soak['state'] {
  if (progress.done === runs) return 'done';
  return progress.begun === 0 ? 'queued' : 'running';
}

/** The worst of its runs' verdicts once all of them are done. */
function verdictOf(progress: SoakProgress, runs: number): Soak['verdict'] {
  if (progress.done < runs) return null;
  return worst(VERDICTS.filter((verdict) => progress.verdicts[verdict] > 0));
}

export function soakSummary({ soak, progress }: StoredSoak): SoakSummary {
  const runs = soak.runIds.length;
  return {
    soakId: soak.soakId,
    name: soak.name,
    createdAtMs: soak.createdAtMs,
    state: stateOf(progress, runs),
    verdict: verdictOf(progress, runs),
    runs,
    runsDone: progress.done,
  };
}

/** The state is counted from the runs that are shown, so that the answer agrees with itself. */
export function soakView(
  { soak }: StoredSoak,
  runs: readonly RunRecord[],
  waiting: string | null,
): Soak {
  const done = runs.every((run) => run.state === 'done');
  const queued = runs.every(waits);
  const verdicts = runs.flatMap((run) => (run.judgement ? [run.judgement.verdict] : []));
  return {
    soakId: soak.soakId,
    name: soak.name,
    createdAtMs: soak.createdAtMs,
    origin: soak.origin,
    state: done ? 'done' : queued ? 'queued' : 'running',
    verdict: done ? worst(verdicts) : null,
    waiting,
    spec: soak.spec,
    runs: runs.map(publicRun),
  };
}
