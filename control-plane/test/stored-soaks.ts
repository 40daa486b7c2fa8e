import assert from 'node:assert/strict';
import type { Origin, PinnedBaseline, SoakSpec, Verdict } from '@oversoak/contracts';
import {
  fleetFigures,
  fleetResult,
  MADE_GANG,
  madeResult,
  madeRun,
  madeSpec,
} from '@oversoak/testing/builders/made-figures';
import { normal, seeded } from '@oversoak/testing/builders/made-random';
import { DEFAULT_QUOTAS } from '../src/model/quotas.ts';
import { publicRun } from '../src/model/run-record.ts';
import type { Cluster } from '../src/routes/cluster.ts';
import type { SoakRecord } from '../src/store/soaks.ts';
import { expand } from '../src/submit/expand.ts';

/** A soak as it lies in Redis. */
export interface Stored {
  spec?: Partial<SoakSpec>;
  origin?: Origin;
  /** Latency of its repeats, as a multiple of the usual. */
  times?: number;
  /** Of every run; null: none of them has begun. */
  verdict?: Verdict | null;
  /** Of every run; without it: it is where the verdict is passed or failed. */
  loadSound?: boolean;
  against?: PinnedBaseline;
  fleetAgent?: string;
}

let seed = 0;
/** Stores a soak whose runs are done as `of` says. */
export async function storeSoak(
  cluster: Pick<Cluster, 'soaks' | 'runs'>,
  soakId: string,
  of: Stored = {},
): Promise<SoakRecord> {
  const { origin = { kind: 'submitted' }, times = 1, fleetAgent = 'agent-b' } = of;
  const { verdict = 'passed', against } = of;
  const { loadSound = verdict === 'passed' || verdict === 'failed' } = of;
  const spec = madeSpec({ phases: { ...madeSpec().phases, measureSeconds: 12 }, ...of.spec });
  const gang = MADE_GANG.map((member) =>
    member.role === 'fleet' ? { ...member, agentId: fleetAgent } : member,
  );
  const sides = { spec, ...(against === undefined ? {} : { against }) };
  const runs = expand(sides).map((planned) =>
    madeRun({ ...planned, runId: `${soakId}-${planned.index}`, soakId }),
  );
  const runIds = runs.map(({ runId }) => runId);
  const soak: SoakRecord = { soakId, name: 'made', createdAtMs: 1, origin, ...sides, runIds };
  await cluster.soaks.create(soak, runs, null, {
    ...{ owner: 'a-test', quotas: DEFAULT_QUOTAS },
  });
  for (const run of verdict === null ? [] : runs) {
    const judgement = { verdict: verdict ?? 'passed', reasons: [], loadSound };
    const done = { ...run, version: 2, state: 'done' as const, epoch: 1, gang, judgement };
    const slower = run.cell.side === undefined ? times : 1;
    // Repeats that scatter by 2 %.
    const latencyMs = 2 * slower * Math.exp(0.02 * normal(seeded(++seed)));
    const figures = (sent: number) => fleetFigures(sent, { latencyMs });
    const fleets = { [fleetAgent]: fleetResult(figures(1100), figures(100)) };
    const result = madeResult({ run: publicRun(done), spec, fleets });
    assert.equal(await cluster.runs.store(run, done, { result, reports: 0, figures: null }), true);
  }
  return soak;
}
