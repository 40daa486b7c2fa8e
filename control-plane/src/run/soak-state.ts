import { type Soak, VERDICTS } from '@oversoak/contracts';
import { worst } from '../judge/verdict.ts';
import type { StoredSoak } from '../store/soaks.ts';

export function stateOf({ soak, progress }: StoredSoak): Soak['state'] {
  if (progress.done === soak.runIds.length) return 'done';
  return progress.begun === 0 ? 'queued' : 'running';
}

/** The worst verdict of its runs; null until all of them are done. */
export function verdictOf({ soak, progress }: StoredSoak): Soak['verdict'] {
  if (progress.done < soak.runIds.length) return null;
  return worst(VERDICTS.filter((verdict) => progress.verdicts[verdict] > 0));
}
