import type { Soak, SoakSummary } from '@oversoak/contracts';
import type { FastifyReply } from 'fastify';
import { worst } from '../judge/verdict.ts';
import { publicRun, type RunRecord, waits } from '../model/run-record.ts';
import { RequestProblem } from '../plugins/problems.ts';
import { stateOf, verdictOf } from '../run/soak-state.ts';
import type { SoakRecord, Soaks, StoredSoak } from '../store/soaks.ts';
import { expand } from '../submit/expand.ts';

export function soakSummary(stored: StoredSoak): SoakSummary {
  const { soak, progress } = stored;
  return {
    soakId: soak.soakId,
    name: soak.name,
    createdAtMs: soak.createdAtMs,
    state: stateOf(stored),
    verdict: verdictOf(stored),
    runs: soak.runIds.length,
    runsDone: progress.done,
  };
}

/** The state is computed from the runs in the response, so that the two agree. */
export function soakView(
  { soak }: StoredSoak,
  runs: readonly RunRecord[],
  waiting: string | null,
): Soak {
  const done = runs.every((run) => run.state === 'done');
  const queued = runs.every(waits);
  const verdicts = runs.flatMap((run) => (run.judgement ? [run.judgement.verdict] : []));
  return {
    soakId: soak.soakId,
    name: soak.name,
    createdAtMs: soak.createdAtMs,
    origin: soak.origin,
    state: done ? 'done' : queued ? 'queued' : 'running',
    verdict: done ? worst(verdicts) : null,
    waiting,
    spec: soak.spec,
    against: soak.against ?? null,
    runs: runs.map(publicRun),
  };
}

/** The soak as it was created, whatever its state is now. */
function createdView(soak: SoakRecord): Soak {
  const { soakId, name, createdAtMs, origin, spec, against = null, runIds } = soak;
  const runs = expand(soak).map(({ index, cell, repeat }) => ({
    runId: runIds[index] ?? '',
    soakId,
    cell,
    repeat,
    state: 'queued' as const,
    epoch: 0,
    gang: [],
    startAtMs: null,
    judgement: null,
  }));
  return {
    soakId,
    name,
    createdAtMs,
    origin,
    state: 'queued',
    verdict: null,
    waiting: null,
    spec,
    against,
    runs,
  };
}

/** The response to a request that created a soak; the same for a repeated request. */
export async function createdSoak(
  soakId: string,
  { soaks }: { soaks: Pick<Soaks, 'get'> },
  reply: FastifyReply,
): Promise<Soak> {
  const stored = await soaks.get(soakId);
  if (stored === null)
    throw new RequestProblem(410, `the request created ${soakId}, which was deleted`);
  reply.code(201).header('location', `/v1/soaks/${soakId}`);
  return createdView(stored.soak);
}
