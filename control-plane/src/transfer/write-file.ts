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

/** The lines of a finished soak (contracts/src/results/soak-file.ts), one run at a time. */
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
    // The caller detects the truncated file by its missing last line.
    if (run === null || result === null) throw new Error(`${runId} was deleted meanwhile`);
    yield text({ kind: 'run', run: publicRun(run), result });
  }
  const end: SoakFileEnd = { kind: 'end', sha256: hash.digest('hex') };
  yield `${JSON.stringify(end)}\n`;
}

/** The sha256 in the last line of a stored soak's file. */
export async function soakFileSha256(
  soak: SoakRecord,
  runs: Pick<Runs, 'get' | 'result'>,
): Promise<string> {
  let last = '';
  for await (const line of soakFileLines(soak, runs)) last = line;
  return (JSON.parse(last) as SoakFileEnd).sha256;
}
