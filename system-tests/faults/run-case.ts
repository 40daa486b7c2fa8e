// One runner for every case: a real soak is driven to the state, the fault comes and goes, and then
// the same has to hold whatever it was.
import assert from 'node:assert/strict';
import { RUN_STATES } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { type Case, GOES_ON } from './cases.ts';
import type { FaultCluster } from './cluster.ts';
import { faultNamed } from './faults.ts';
import type { FinishedRun, WatchedRun } from './watched-run.ts';

/** From the end of the fault: stalled jobs, deadlines and leases have passed by then. */
const DONE_WITHIN_MS = 45_000;

const PHASES = { warmUpSeconds: 1, measureSeconds: 2 };
const LONG = { warmUpSeconds: 1, measureSeconds: 60 };
/**
 * A start may come up to 2 s late: where the network swallowed what was said, Redis still has a
 * connection that takes the next wake-up with it. It then falls into the warm-up. The measurement
 * has more than the 100 messages without which there is no verdict.
 */
const NEXT = { warmUpSeconds: 2, measureSeconds: 1 };

export async function runCase(cluster: FaultCluster, given: Case): Promise<void> {
  const fault = faultNamed(given.fault);
  await fault.before?.(cluster);
  const run = await drive(cluster, given);
  try {
    const before = run.samples.length;
    const mend = await fault.inject({ cluster, run });
    try {
      await release(cluster);
      await run.done(DONE_WITHIN_MS);
    } finally {
      await mend?.();
    }
    await cluster.ready();
    await ended(run, given);
    await began(cluster, run, given);
    await samplesAreKept(run, before);
    await nothingIsStuck(cluster);
  } finally {
    await run.stop();
    await cluster.stopSecondPlane();
  }
}

/** Submits a run and brings it to the state in which the fault is to come. */
async function drive(cluster: FaultCluster, given: Case): Promise<WatchedRun> {
  const { at } = given;
  const run = await submitted(cluster, given);
  switch (at) {
    case 'queued':
      break;
    case 'measuring':
      await run.sampled('measuring');
      break;
    case 'draining':
      await run.reach('measuring');
      await hold(cluster);
      await run.reach('draining');
      break;
    case 'judging':
      await run.sampled('measuring');
      await hold(cluster);
      await cluster.api.cancel(run.soakId);
      await run.reach('judging');
      break;
    default:
      await run.reach(at);
  }
  return run;
}

/** A run that has to wait first, where its case is about that. */
async function submitted(cluster: FaultCluster, given: Case): Promise<WatchedRun> {
  const phases = given.long || given.at === 'judging' ? LONG : PHASES;
  const { whileQueued } = faultNamed(given.fault);
  const holdPrepare = async () => {
    if (given.at === 'preparing') await cluster.server.order({ hold: 'prepare' });
  };
  if (given.at !== 'queued' && whileQueued === undefined) {
    await holdPrepare();
    return await cluster.submit(phases);
  }
  const other = await cluster.submit(LONG);
  await other.reach('measuring');
  await holdPrepare();
  const run = await cluster.submit(phases);
  await run.reach('queued');
  await whileQueued?.({ cluster, run });
  await cluster.api.cancel(other.soakId);
  await other.stop();
  return run;
}

async function hold(cluster: FaultCluster): Promise<void> {
  for (const agent of cluster.agents) await agent.order({ hold: 'end' });
}

async function release(cluster: FaultCluster): Promise<void> {
  for (const agent of cluster.agents) await agent.order({ hold: null });
}

async function ended(run: WatchedRun, { promised, fault, late }: Case): Promise<void> {
  const { judgement, epoch, result } = await run.get();
  const reasons = judgement?.reasons.join('; ') ?? '';
  assert.match(reasons, promised.reason);
  assert.ok(
    promised.verdicts.some((verdict) => verdict === judgement?.verdict),
    `${judgement?.verdict}: ${reasons}`,
  );
  assert.equal(epoch, fault === 'oldEpoch' ? 2 : 1);
  assert.deepEqual(
    run.states,
    RUN_STATES.filter((state) => run.states.includes(state)),
  );
  assert.ok(result !== null, 'there is no result document');
  assert.deepEqual(result.run.judgement, judgement);
  if (late !== 'maybe') await lateResults(run, late ? ['agent-b'] : []);
}

async function lateResults(run: WatchedRun, agentIds: string[]): Promise<void> {
  const lateOf = ({ result }: FinishedRun) => result?.late.map(({ agentId }) => agentId);
  await until(`late results of ${agentIds.join(', ') || 'nobody'}`, async () => {
    const late = lateOf(await run.get());
    return late?.join() === agentIds.join();
  });
}

/** A run that has begun is never begun again. */
async function began(cluster: FaultCluster, run: WatchedRun, { promised }: Case): Promise<void> {
  const least = promised === GOES_ON ? 1 : 0;
  for (const agent of cluster.agents) {
    const times = await agent.timesStarted(run.runId);
    assert.ok(times >= least && times <= 1, `${agent.agentId} began its part ${times} times`);
  }
}

async function samplesAreKept(run: WatchedRun, before: number): Promise<void> {
  const kept = new Set((await run.storedSamples()).map((sample) => JSON.stringify(sample)));
  for (const sample of run.samples.slice(0, before)) {
    assert.ok(kept.has(JSON.stringify(sample)), `a sample of ${sample.agentId} is gone`);
  }
}

/** Every agent takes and finishes another soak, and nothing of the old one is left. */
async function nothingIsStuck(cluster: FaultCluster): Promise<void> {
  await until('every agent is back', async () =>
    (await cluster.api.agents()).every(({ live }) => live),
  );
  const next = await cluster.submit(NEXT);
  try {
    await next.done(DONE_WITHIN_MS);
    const { judgement } = await next.get();
    assert.equal(judgement?.verdict, 'passed', `the next soak: ${judgement?.reasons.join('; ')}`);
  } finally {
    await next.stop();
  }
  const agents = await cluster.api.agents();
  assert.deepEqual(
    agents.map(({ agentId, live, slotsUsed }) => ({ agentId, live, slotsUsed })),
    cluster.agents.map(({ agentId }) => ({ agentId, live: true, slotsUsed: 0 })),
  );
  for (const agent of cluster.agents) {
    await until(`the spool of ${agent.agentId} is empty`, async () => {
      return (await agent.spooled()).length === 0;
    });
  }
  assert.deepEqual(await cluster.jobs.failed(), []);
}
