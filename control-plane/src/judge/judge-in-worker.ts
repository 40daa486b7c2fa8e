import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RunResult } from '@oversoak/contracts';
import type { Ending } from '../model/run-record.ts';
import { type Judged, judgeStored } from './judge.ts';

/** Histograms that are read in less time than it takes to start a thread. */
const FEW_WINDOWS = 1000;

function windowsOf({ fleets }: RunResult): number {
  return Object.values(fleets).reduce((sum, { series }) => sum + series.windows.length, 0);
}

/**
 * The verdict of a run, without holding up whatever else the process does: to read the windows of
 * a night takes seconds. Rejects with what the judge throws.
 */
export async function judgeInWorker(
  result: RunResult,
  ending: Ending | null,
  fewWindows = FEW_WINDOWS,
): Promise<Judged> {
  if (windowsOf(result) <= fewWindows) return judgeStored(result, ending);
  const worker = new Worker(new URL(import.meta.url.replace('judge-in-worker', 'judge-worker')), {
    workerData: { result, ending },
  });
  try {
    // An error of the thread rejects it; its exit follows its message.
    const [judged] = (await Promise.race([once(worker, 'message'), ended(worker)])) as [Judged];
    return judged;
  } finally {
    await worker.terminate();
  }
}

/** A thread that ends without a word would be waited for in vain. */
async function ended(worker: Worker): Promise<never> {
  const [exitCode] = await once(worker, 'exit');
  throw new Error(`the thread that judges ended with exit code ${exitCode}`);
}
