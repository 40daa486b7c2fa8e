import { createHash } from 'node:crypto';
import {
  SOAK_FILE_VERSION,
  type SoakFileEnd,
  type SoakFileHead,
  type SoakFileRun,
} from '@oversoak/contracts';
import { publicRun } from '../model/run-record.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';

/** The lines of a soak that is done, as `contracts/src/results/soak-file.ts` has them; one run at a time. */
export async function* soakFileLines(
  soak: SoakRecord,
  runs: Pick<Runs, 'get' | 'result'>,
): AsyncGenerator<string> {
  const { soakId, name, createdAtMs, spec, against = null, runIds } = soak;
  const hash = createHash('sha256');
  const text = (line: SoakFileHead | SoakFileRun) => {
    const written = `${JSON.stringify(line)}\n`;
    hash.update(written);
    return written;
  };
  yield text({
    kind: 'soak',
    format: 'oversoak',
    version: SOAK_FILE_VERSION,
    soakId,
    name,
    createdAtMs,
    spec,
    against,
    runs: runIds.length,
  });
  for (const runId of runIds) {
    const run = await runs.get(runId);
    const result = await runs.result(runId);
    // A caller whose file ends without its last line knows that it is cut off.
    if (run === null || result === null) throw new Error(`${runId} was deleted meanwhile`);
    yield text({ kind: 'run', run: publicRun(run), result });
  }
  const end: SoakFileEnd = { kind: 'end', sha256: hash.digest('hex') };
  yield `${JSON.stringify(end)}\n`;
}

/** The sha256 that the file of a stored soak would end with. */
export async function soakFileSha256(
  soak: SoakRecord,
  runs: Pick<Runs, 'get' | 'result'>,
): Promise<string> {
  let last = '';
  for await (const line of soakFileLines(soak, runs)) last = line;
  return (JSON.parse(last) as SoakFileEnd).sha256;
}
