import { type Origin, type Problem, plannedSeconds, type SoakSpec } from '@oversoak/contracts';
import type { Telemetry } from '@oversoak/telemetry';
import { monotonicFactory } from 'ulid';
import { targetEndpoint } from '../dispatch/assignments.ts';
import { placementProblems } from '../dispatch/placement.ts';
import type { Limits } from '../run/deadlines.ts';
import { queuedRun } from '../run/record.ts';
import type { Agents } from '../store/agents.ts';
import type { Created, RequestKey, SoakRecord, Soaks } from '../store/soaks.ts';
import { expand } from './expand.ts';

export type Submitted = Created | { problems: Problem[] };

/** Beside the spec: where the soak comes from, and the request's own name. */
export interface Submission {
  origin: Origin;
  request: RequestKey | null;
  /** W3C traceparent of the request. */
  trace?: string | undefined;
}

const ulid = monotonicFactory();

/** A run that would last longer than this control plane lets one. */
export function durationProblems(
  { phases }: Pick<SoakSpec, 'phases'>,
  { maxRunSeconds }: Pick<Limits, 'maxRunSeconds'>,
): Problem[] {
  // To the millisecond: 0.1 + 0.2 is not to be told in full.
  const planned = Number(plannedSeconds(phases).toFixed(3));
  if (planned <= maxRunSeconds) return [];
  const detail =
    `add up to ${planned} s a run; at most ${maxRunSeconds} s: ` +
    'OVERSOAK_MAX_RUN_SECONDS of the control plane';
  return [{ pointer: '/phases', detail }];
}

/** Stores a valid spec as a soak with its runs; refused and not stored if it cannot be run here. */
export async function submit(
  spec: SoakSpec,
  { origin, request, trace: parent }: Submission,
  nowMs: number,
  limits: Limits,
  { soaks, agents, telemetry }: { soaks: Soaks; agents: Agents; telemetry: Telemetry },
): Promise<Submitted> {
  const span = telemetry.begin('soak.submit', { startMs: Date.now(), parent });
  // A request that comes again is answered as before, whatever the agents are by now.
  const before = request === null ? null : await soaks.createdBy(request);
  if (before !== null) return before;
  const planned = expand(spec);
  const cells = planned.filter(({ repeat }) => repeat === 1).map(({ cell }) => cell);
  const problems = [
    ...durationProblems(spec, limits),
    ...placementProblems(spec, cells, await agents.list()),
  ];
  if (problems.length > 0) return { problems };

  const createdAtMs = Math.floor(nowMs);
  const suffix = ulid(createdAtMs).toLowerCase();
  const soakId = `soak-${suffix}`;
  const { phases } = spec;
  const endpoint = targetEndpoint(spec);
  const runs = planned.map((plan) =>
    queuedRun(
      { runId: `run-${suffix}-${plan.index}`, soakId, ...plan, phases, endpoint },
      createdAtMs,
      createdAtMs + limits.queuedMs,
    ),
  );
  const runIds = runs.map(({ runId }) => runId);
  const { name } = spec;
  const told = span.trace === '' ? {} : { trace: span.trace };
  const soak: SoakRecord = { soakId, name, createdAtMs, origin, spec, runIds, ...told };
  const created = await soaks.create(soak, runs, request);
  if ('soakId' in created && created.created) {
    const attributes = {
      'oversoak.soak.id': soakId,
      'oversoak.soak.name': name,
      ...(origin.kind === 'schedule' ? { 'oversoak.schedule': origin.schedule } : {}),
    };
    span.end({ endMs: Date.now(), attributes });
  }
  return created;
}
