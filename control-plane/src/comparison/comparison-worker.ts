// Runs in a worker thread; see comparisons.ts. Each thread has a connection of its own.
import { workerData } from 'piscina';
import { Baselines } from '../store/baselines.ts';
import { connect } from '../store/redis.ts';
import { Runs } from '../store/runs.ts';
import { Soaks } from '../store/soaks.ts';
import { type ComparisonTask, perform } from './comparison-task.ts';
import type { ComparisonsDeps } from './comparisons.ts';

const { redisUrl, redisTransport } = workerData as Pick<
  ComparisonsDeps,
  'redisUrl' | 'redisTransport'
>;
const redis = connect(redisUrl, redisTransport);
// A command that fails says so itself.
redis.on('error', () => {});
const stores = {
  soaks: new Soaks(redis),
  runs: new Runs(redis),
  baselines: new Baselines(redis),
};

export default (task: ComparisonTask) => perform(task, stores);
