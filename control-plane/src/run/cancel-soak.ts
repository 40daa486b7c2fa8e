import pMap from 'p-map';
import type { Runs } from '../store/runs.ts';
import type { Soaks, StoredSoak } from '../store/soaks.ts';
import type { Driver } from './driver.ts';

/** Runs that are cancelled at the same time; the rest of a long queue follows. */
const AT_ONCE = 32;

/**
 * Ends every run of a soak that is not done: those that hold agents first. The mark is stored
 * before, so that nothing of the soak begins meanwhile and a cancel that is cut off is completed.
 */
export async function cancelSoak(
  { soak }: StoredSoak,
  parts: {
    soaks: Pick<Soaks, 'markCancelled' | 'cancelReached'>;
    runs: Pick<Runs, 'getAll'>;
    driver: Pick<Driver, 'apply'>;
  },
): Promise<void> {
  await parts.soaks.markCancelled(soak.soakId);
  const open = (await parts.runs.getAll(soak.runIds)).filter((run) => run.state !== 'done');
  const waiting = open.filter((run) => run.gang.length === 0);
  const ordered = [...open.filter((run) => run.gang.length > 0), ...waiting];
  await pMap(ordered, ({ runId }) => parts.driver.apply(runId, { kind: 'cancel' }), {
    concurrency: AT_ONCE,
  });
  await parts.soaks.cancelReached(soak.soakId);
}
