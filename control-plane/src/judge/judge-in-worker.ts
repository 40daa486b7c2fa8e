import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RunResult } from '@oversoak/contracts';
import type { Ending } from '../model/run-record.ts';
import { type Judged, judgeStored } from './judge.ts';

/** Below this number of windows, decoding takes less time than starting a thread. */
const FEW_WINDOWS = 1000;

function windowsOf({ fleets }: RunResult): number {
  return Object.values(fleets).reduce((sum, { series }) => sum + series.windows.length, 0);
}

/**
 * Judges a run without blocking the event loop: decoding the windows of a night takes seconds.
 * Rejects with the judge's error.
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
    // An error in the thread rejects `once`; a regular exit follows the message.
    const [judged] = (await Promise.race([once(worker, 'message'), ended(worker)])) as [Judged];
    return judged;
  } finally {
    await worker.terminate();
  }
}

/** Rejects if the thread ends without a message, which would otherwise block for ever. */
async function ended(worker: Worker): Promise<never> {
  const [exitCode] = await once(worker, 'exit');
  throw new Error(`the judging thread ended with exit code ${exitCode}`);
}
