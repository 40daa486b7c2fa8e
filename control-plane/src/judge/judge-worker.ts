// Runs in a worker thread; see judge-in-worker.ts.
import { parentPort, workerData } from 'node:worker_threads';
import type { RunResult } from '@oversoak/contracts';
import type { Ending } from '../model/run-record.ts';
import { judgeStored } from './judge.ts';

const { result, ending } = workerData as { result: RunResult; ending: Ending | null };
parentPort?.postMessage(judgeStored(result, ending));
