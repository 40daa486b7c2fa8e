import { createHash } from 'node:crypto';
import {
  BOUNDS,
  type Run,
  type RunResult,
  SOAK_FILE_VERSION,
  type SoakFileEnd,
  type SoakFileFleet,
  type SoakFileHead,
  type SoakFileRun,
} from '@oversoak/contracts';
import { publicRun } from '../model/run-record.ts';
import type { Runs } from '../store/runs.ts';
import type { SoakRecord } from '../store/soaks.ts';

/** The fleets of a longer run are written on separate lines, each of which is shorter. */
const ONE_LINE_BYTES = BOUNDS.soakFile.lineBytes / 4;

/**
 * A run as one line. The fleets of a large run are on separate lines, so that no line of the file
 * exceeds the bound for reading.
 */
function linesOfRun(run: Run, result: RunResult, longest: number): object[] {
  const whole: SoakFileRun = { kind: 'run', run, result };
  if (JSON.stringify(whole).length <= longest) return [whole];
  const fleets = Object.entries(result.fleets);
  const fleetsApart = fleets.map(([agentId]) => agentId);
  const head: SoakFileRun = {
    kind: 'run',
    run,
    result: { ...result, fleets: {} },
    fleetsApart,
  };
  const { runId } = run;
  return [
    head,
    ...fleets.map(
      ([agentId, fleet]): SoakFileFleet => ({ kind: 'fleet', runId, agentId, result: fleet }),
    ),
  ];
}

/** The lines of a finished soak (contracts/src/results/soak-file.ts), one run at a time. */
export async function* soakFileLines(
  soak: SoakRecord,
  runs: Pick<Runs, 'get' | 'result'>,
  { version = SOAK_FILE_VERSION, oneLineBytes = ONE_LINE_BYTES } = {},
): AsyncGenerator<string> {
  const { soakId, name, createdAtMs, spec, against = null, runIds } = soak;
  const hash = createHash('sha256');
  const text = (line: object) => {
    const written = `${JSON.stringify(line)}\n`;
    hash.update(written);
    return written;
  };
  const head: SoakFileHead = {
    kind: 'soak',
    format: 'oversoak',
    version,
    soakId,
    name,
    createdAtMs,
    spec,
    against,
    runs: runIds.length,
  };
  yield text(head);
  // Version 1 has no lines for fleets.
  const longest = version === 1 ? Number.POSITIVE_INFINITY : oneLineBytes;
  for (const runId of runIds) {
    const run = await runs.get(runId);
    const result = await runs.result(runId);
    // The caller detects the truncated file by its missing last line.
    if (run === null || result === null) throw new Error(`${runId} was deleted meanwhile`);
    for (const line of linesOfRun(publicRun(run), result, longest)) yield text(line);
  }
  const end: SoakFileEnd = { kind: 'end', sha256: hash.digest('hex') };
  yield `${JSON.stringify(end)}\n`;
}

/** The sha256 in the last line of a stored soak's file, in a format version. */
export async function soakFileSha256(
  soak: SoakRecord,
  runs: Pick<Runs, 'get' | 'result'>,
  as: { version: number },
): Promise<string> {
  let last = '';
  for await (const line of soakFileLines(soak, runs, as)) last = line;
  return (JSON.parse(last) as SoakFileEnd).sha256;
}
