import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, it } from 'node:test';
import { QUEUE_PREFIX, REPORTS_QUEUE } from '@oversoak/contracts';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Queue } from 'bullmq';
import { openWorker, SET_ASIDE } from '../../src/queue/short-jobs.ts';
import { connect } from '../../src/store/redis.ts';
import { retryFailedReports } from '../../src/workers.ts';

const writes = { pauses: () => {}, refusal: null };
const QUICK = { lockDuration: 300, stalledInterval: 300 };

let server: RedisServer;
before(async () => {
  server = await RedisServer.start();
});
after(() => server.stop());

/** A process that takes jobs and is ended by the first. */
async function processThatEnds(): Promise<void> {
  const source = (file: string) =>
    new URL(`../../src/${file}${import.meta.url.slice(-3)}`, import.meta.url).href;
  const script = `
    import { openWorker } from ${JSON.stringify(source('queue/short-jobs'))};
    import { connect } from ${JSON.stringify(source('store/redis'))};
    const log = { info() {}, warn() {}, error() {} };
    const deps = { connection: connect(${JSON.stringify(server.url)}), log, writes: { pauses() {}, refusal: null } };
    openWorker(${JSON.stringify(REPORTS_QUEUE)}, async () => process.exit(3), deps, ${JSON.stringify(QUICK)});`;
  const conditions = process.execArgv.filter((option) => option.startsWith('--conditions'));
  const child = spawn(process.execPath, [...conditions, '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  assert.deepEqual(await once(child, 'exit'), [3, null]);
}

it('a report that ended two processes is set aside, also at the next start', async () => {
  const connection = connect(server.url);
  const queue = new Queue(REPORTS_QUEUE, { connection, prefix: QUEUE_PREFIX });
  await queue.add('finished', {});
  await processThatEnds();
  await processThatEnds();
  const taken: unknown[] = [];
  const take = async ({ data }: { data: unknown }) => void taken.push(data);
  const worker = openWorker(REPORTS_QUEUE, take, { connection, log: silentLog, writes }, QUICK);
  const set = await until('it is set aside', async () => (await queue.getFailed())[0] ?? null);
  assert.equal(set.failedReason, SET_ASIDE);
  await queue.add('other', { failedOnce: true });
  await until('the other is taken', async () => (taken.length === 1 ? true : null));
  await retryFailedReports(connection);
  assert.equal((await queue.getFailed()).length, 1);
  assert.deepEqual(taken, [{ failedOnce: true }]);
  await worker.close();
  await queue.close();
  connection.disconnect();
});
