import {
  type Origin,
  type PinnedBaseline,
  type Problem,
  plannedDeliveriesOf,
  plannedSeconds,
  type SoakPlan,
  type SoakSpec,
} from '@oversoak/contracts';
import type { Telemetry } from '@oversoak/telemetry';
import { monotonicFactory } from 'ulid';
import { placementProblems } from '../dispatch/placement.ts';
import type { OverQuota } from '../model/quotas.ts';
import type { RunLimits } from '../model/run-limits.ts';
import { queuedRun } from '../model/run-record.ts';
import { targetEndpoint } from '../queue/run-jobs.ts';
import type { Agent, Agents } from '../store/agents.ts';
import {
  type Account,
  type Created,
  type RequestKey,
  type SoakRecord,
  type Soaks,
  specOfCell,
} from '../store/soaks.ts';
import { type AgainstStores, resolveAgainst } from './against.ts';
import { cellsOf, expand, soakCells } from './expand.ts';
import { tooManyRuns } from './rules.ts';

/** `overQuota`: why a spec that could be run is refused. */
export type Submitted = Created | { problems: Problem[]; overQuota?: OverQuota };

/** The origin and the request key of a soak. */
export interface Submission {
  origin: Origin;
  request: RequestKey | null;
  account: Account;
  /** W3C traceparent of the request. */
  trace?: string | undefined;
}

export interface SubmitDeps extends AgainstStores {
  soaks: Soaks;
  agents: Agents;
  telemetry: Telemetry;
}

const ulid = monotonicFactory();

/** The problem of runs that are longer than this control plane allows; empty: none. */
export function durationProblems(
  { phases }: Pick<SoakSpec, 'phases'>,
  { maxRunSeconds }: Pick<RunLimits, 'maxRunSeconds'>,
): Problem[] {
  // To the millisecond: 0.1 + 0.2 would print 17 digits.
  const planned = Number(plannedSeconds(phases).toFixed(3));
  if (planned <= maxRunSeconds) return [];
  const detail =
    `add up to ${planned} s a run; at most ${maxRunSeconds} s: ` +
    'OVERSOAK_MAX_RUN_SECONDS of the control plane';
  return [{ pointer: '/phases', detail }];
}

/** Why this cluster cannot run a spec or its baseline. */
function runProblems(
  spec: SoakSpec,
  against: PinnedBaseline | undefined,
  limits: RunLimits,
  agents: readonly Agent[],
): Problem[] {
  const own = [
    ...durationProblems(spec, limits),
    ...placementProblems(spec, cellsOf(spec), agents),
  ];
  if (against === undefined) return own;
  const cells = soakCells({ spec, against });
  const held = cells.filter(({ side }) => side !== undefined);
  const theirs = [
    ...durationProblems(against.spec, limits),
    ...placementProblems(against.spec, held, agents),
  ];
  return [
    ...own,
    ...tooManyRuns(cells.length, spec.repeats),
    // The pointers refer to the baseline's spec, which the user did not send.
    ...theirs.map(({ pointer, detail }) => ({
      pointer: '/against/baseline',
      detail: `${against.soakId}, ${pointer}: ${detail}`,
    })),
  ];
}

type CheckDeps = AgainstStores & Pick<SubmitDeps, 'agents'>;

/** The baseline that a valid spec is compared with, or why it cannot be run here. */
async function check(
  spec: SoakSpec,
  limits: RunLimits,
  { soaks, baselines, agents }: CheckDeps,
): Promise<{ against: PinnedBaseline | undefined } | { problems: Problem[] }> {
  const resolved = await resolveAgainst(spec, { soaks, baselines });
  if ('problems' in resolved) return resolved;
  const { against } = resolved;
  const problems = runProblems(spec, against, limits, await agents.list());
  return problems.length > 0 ? { problems } : { against };
}

/** What a valid spec would be as a soak; nothing is stored. */
export async function plan(
  spec: SoakSpec,
  limits: RunLimits,
  deps: CheckDeps,
): Promise<SoakPlan | { problems: Problem[] }> {
  const checked = await check(spec, limits, deps);
  if ('problems' in checked) return checked;
  const { against } = checked;
  const sides = { soakId: '', spec, ...(against === undefined ? {} : { against }) };
  const cells = soakCells(sides);
  const seconds = cells.map((cell) => plannedSeconds(specOfCell(sides, cell).phases));
  const deliveries = plannedDeliveriesOf(spec);
  return {
    ...(deliveries === null ? {} : { deliveriesPerSecond: deliveries.perSecond }),
    name: spec.name,
    cells: cells.length,
    repeats: spec.repeats,
    runs: cells.length * spec.repeats,
    plannedSeconds: seconds.reduce((sum, each) => sum + each, 0) * spec.repeats,
  };
}

/** Stores a valid spec as a soak with its runs; refuses it if this cluster cannot run it. */
export async function submit(
  spec: SoakSpec,
  { origin, request, account, trace: parent }: Submission,
  nowMs: number,
  limits: RunLimits,
  { soaks, baselines, agents, telemetry }: SubmitDeps,
): Promise<Submitted> {
  const span = telemetry.begin('soak.submit', { startMs: Date.now(), parent });
  // A repeated request gets the first response, even if the agents have changed since.
  const before = request === null ? null : await soaks.createdBy(request);
  if (before !== null) return before;
  const checked = await check(spec, limits, { soaks, baselines, agents });
  if ('problems' in checked) return checked;
  const { against } = checked;

  const createdAtMs = Math.floor(nowMs);
  const suffix = ulid(createdAtMs).toLowerCase();
  const soakId = `soak-${suffix}`;
  const sides = { soakId, spec, ...(against === undefined ? {} : { against }) };
  const runs = expand(sides).map((plan) => {
    const by = specOfCell(sides, plan.cell);
    const { phases } = by;
    const endpoint = targetEndpoint(by);
    return queuedRun(
      { runId: `run-${suffix}-${plan.index}`, soakId, ...plan, phases, endpoint },
      createdAtMs,
      createdAtMs + limits.queuedMs,
    );
  });
  const runIds = runs.map(({ runId }) => runId);
  const { name } = spec;
  const traced = span.trace === '' ? {} : { trace: span.trace };
  const soak: SoakRecord = { ...sides, name, createdAtMs, origin, runIds, ...traced };
  const created = await soaks.create(soak, runs, request, account);
  if ('overQuota' in created) {
    const { overQuota } = created;
    return { problems: [{ pointer: '', detail: overQuota.detail }], overQuota };
  }
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
