import pMap from 'p-map';
import type { Runs } from '../store/runs.ts';
import type { Soaks, StoredSoak } from '../store/soaks.ts';
import type { Driver } from './driver.ts';

/** The number of runs cancelled concurrently. */
const AT_ONCE = 32;

/**
 * Ends every unfinished run of a soak, starting with the runs that hold agents. The cancel mark is
 * stored first: it keeps further runs of the soak from starting, and it lets `Watch` complete a
 * cancel that was interrupted.
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
