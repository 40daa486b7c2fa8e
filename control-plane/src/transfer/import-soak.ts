import type { SoakFileHead, SoakFileRun } from '@oversoak/contracts';
import { queuedRun, type RunRecord } from '../model/run-record.ts';
import { quotaProblem, RequestProblem } from '../plugins/problems.ts';
import type { ImportStage } from '../store/import-stage.ts';
import type { Runs } from '../store/runs.ts';
import type { Account, SoakRecord, Soaks, StoredSoak } from '../store/soaks.ts';
import type { SoakFileLine } from './read-file.ts';
import { soakFileSha256 } from './write-file.ts';

export interface ImportDeps {
  soaks: Pick<Soaks, 'get'>;
  runs: Pick<Runs, 'get' | 'result'>;
  stage: Pick<ImportStage, 'add' | 'publish' | 'discard'>;
  nowMs: () => Promise<number>;
  account: Account;
}

export interface Imported {
  soakId: string;
  /** false: the same soak already existed. */
  created: boolean;
}

/**
 * Stores the soak of a file completely or not at all. Throws RequestProblem, also if a different
 * soak has its id.
 */
export async function importSoak(
  lines: AsyncIterable<SoakFileLine>,
  { soaks, runs, stage, nowMs, account }: ImportDeps,
): Promise<Imported> {
  let head: SoakFileHead | null = null;
  let present: StoredSoak | null = null;
  let sha256 = '';
  const staged: RunRecord[] = [];
  try {
    for await (const line of lines) {
      if (line.kind === 'soak') {
        head = line;
        present = await soaks.get(line.soakId);
      } else if (line.kind === 'end') {
        sha256 = line.sha256;
      } else if (present === null && head !== null) {
        const run = doneRun(line, head, staged.length);
        staged.push(run);
        await stage.add(run, line.result);
      }
    }
    if (head === null) throw new Error('the file contains no soak');
    const { soakId } = head;
    if (present === null) {
      const soak = importedSoak(head, staged, await nowMs());
      const published = await stage.publish(soak, staged, account);
      if (published === 'expired') {
        throw new RequestProblem(408, 'the file took too long to arrive; nothing of it is stored');
      }
      if (published === 'stored') return { soakId, created: true };
      if (typeof published === 'object') throw quotaProblem(published.overQuota);
      // A concurrent import has stored a soak with this id.
      present = await soaks.get(soakId);
    }
    if (present === null || (await sha256Of(present, runs, head.version)) !== sha256) {
      throw new RequestProblem(409, `a different soak "${soakId}" already exists`);
    }
    return { soakId, created: false };
  } finally {
    await stage.discard(staged.map(({ runId }) => runId));
  }
}

/** null: the soak is not done, so no file can be equal to it. */
async function sha256Of({ soak, progress }: StoredSoak, runs: ImportDeps['runs'], version: number) {
  if (progress.done < soak.runIds.length) return null;
  return await soakFileSha256(soak, runs, { version });
}

function importedSoak(
  { soakId, name, createdAtMs, spec, against }: SoakFileHead,
  runs: readonly RunRecord[],
  nowMs: number,
): SoakRecord {
  const origin = { kind: 'import', importedAtMs: Math.floor(nowMs) } as const;
  const runIds = runs.map(({ runId }) => runId);
  const sides = { spec, ...(against === null ? {} : { against }) };
  return { soakId, name, createdAtMs, origin, ...sides, runIds };
}

function doneRun({ run, result }: SoakFileRun, head: SoakFileHead, index: number): RunRecord {
  const { runId, soakId, cell, repeat, epoch, gang, startAtMs, judgement } = run;
  const { phases } = result.spec;
  const queued = queuedRun(
    { runId, soakId, index, cell, repeat, phases, endpoint: null },
    head.createdAtMs,
    head.createdAtMs,
  );
  return {
    ...queued,
    state: 'done',
    epoch,
    // The processes belong to another cluster, so no incarnation here may match.
    gang: gang.map((member) => ({ ...member, incarnation: '', host: '', system: null })),
    stateSinceMs: result.events.at(-1)?.atMs ?? head.createdAtMs,
    deadlineMs: null,
    startAtMs,
    notes: result.notes,
    judgement,
  };
}
