// The child process of an import, with a heap limit; see importer.ts. Its standard input is the file.
import { BOUNDS } from '@oversoak/contracts';
import { RequestProblem } from '../plugins/problems.ts';
import { ImportStage } from '../store/import-stage.ts';
import { connect, redisTimeMs } from '../store/redis.ts';
import { Runs } from '../store/runs.ts';
import { Soaks } from '../store/soaks.ts';
import { importSoak } from './import-soak.ts';
import type { FromImport, ToImport } from './importer.ts';
import { linesOf } from './lines.ts';
import { readSoakFile } from './read-file.ts';

const send = (message: FromImport) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });

async function outcome({
  redisUrl,
  redisTransport,
  stageId,
  account,
}: ToImport): Promise<FromImport> {
  const redis = connect(redisUrl, redisTransport);
  // A failed command rejects; without a listener, the error would be printed as well.
  redis.on('error', () => {});
  try {
    const staged = new ImportStage(redis, stageId);
    const imported = await importSoak(readSoakFile(linesOf(process.stdin, BOUNDS.soakFile)), {
      soaks: new Soaks(redis),
      runs: new Runs(redis),
      stage: {
        add: async (run, result) => {
          await send({ kind: 'stages', runId: run.runId });
          await staged.add(run, result);
        },
        publish: (soak, runs, of) => staged.publish(soak, runs, of),
        discard: (runIds) => staged.discard(runIds),
      },
      nowMs: () => redisTimeMs(redis),
      account,
    });
    return { kind: 'imported', ...imported };
  } catch (error) {
    if (error instanceof RequestProblem) {
      const { statusCode, message, problems, quota } = error;
      return { kind: 'refused', statusCode, detail: message, problems: [...problems], quota };
    }
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    redis.disconnect();
  }
}

process.once('message', async (message: ToImport) => {
  await send(await outcome(message));
  process.disconnect();
  // The rest of the file is not read.
  process.stdin.destroy();
});
