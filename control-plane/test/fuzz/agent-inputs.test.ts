import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Report, Sample } from '@oversoak/contracts';
import { OFF } from '@oversoak/telemetry';
import { environment } from '@oversoak/testing/builders/made-agents';
import {
  fleetFigures,
  fleetResult,
  fleetWindows,
  serverFigures,
  serverResult,
  serverWindows,
} from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import fc, { type Arbitrary } from 'fast-check';
import { Value } from 'typebox/value';
import { openConnections } from '../../src/connections.ts';
import { DEFAULT_QUOTAS } from '../../src/model/quotas.ts';
import { RUN_LIMITS } from '../../src/model/run-limits.ts';
import { readReport, takeReport } from '../../src/run/report-intake.ts';
import { SampleIntake } from '../../src/run/sample-intake.ts';
import { assembleServices } from '../../src/services.ts';
import { fuzzInputs, requireLittleMemory, SEED } from './inputs.ts';
import { changedBytes, NASTY_VALUES, withNasty } from './requests.ts';
import { type Schema, valuesOf } from './schema-values.ts';

const INPUTS = fuzzInputs(400);

/** Texts near these examples: a value of them replaced, bytes of them changed, or of the schema. */
function textsNear(examples: readonly object[], schema: unknown): Arbitrary<string> {
  const example = fc.constantFrom(...examples);
  const spoilt = fc
    .tuple(example, fc.nat(), fc.constantFrom(...NASTY_VALUES))
    .map(([value, place, nasty]) => JSON.stringify(withNasty(value, place, nasty)) ?? '');
  const bytes = changedBytes(example.map((value) => Buffer.from(JSON.stringify(value))));
  return fc.oneof(
    { arbitrary: spoilt, weight: 5 },
    { arbitrary: bytes.map((changed) => changed.toString('utf8')), weight: 3 },
    {
      arbitrary: valuesOf(schema as Schema).map((value) => JSON.stringify(value) ?? ''),
      weight: 1,
    },
    { arbitrary: example.map((value) => JSON.stringify(value)), weight: 1 },
  );
}

describe(`${INPUTS} made reports and samples, seed ${SEED}`, () => {
  let bench: TestCluster;
  let agents: [SimulatedAgent, SimulatedAgent];
  let runId: string;
  let epoch: number;
  before(async () => {
    bench = await TestCluster.start();
    agents = await bench.agents();
    for (const agent of agents) agent.behaviour.start = 'silent';
    const plane = await bench.plane();
    const { soak } = await submit(plane, { phases: { ...LONG, measureSeconds: 3600 } });
    ({ runId, epoch } = await reach(plane, soak.runIds[0], 'measuring'));
  });
  after(async () => {
    await bench.clear();
    await bench.stop();
  });

  /** What a control plane has of services, without its workers, until the test ends. */
  function services(context: TestContext) {
    const connections = openConnections(bench.server.url, silentLog);
    const { writes } = connections;
    const made = assembleServices(connections, {
      ...{ log: silentLog, limits: RUN_LIMITS, quotas: DEFAULT_QUOTAS, telemetry: OFF, writes },
      ...{ retries: { attempts: 1, firstWaitMs: 1 }, webhookTargets: [], sealingKeys: [] },
      ...{ agentsRedisUrl: bench.server.url, agentsAuthority: undefined, relayedSignals: [] },
    });
    const deps = { ...made, log: silentLog };
    context.after(async () => {
      await Promise.all([made.queues.close(), made.scheduling.close()]);
      connections.disconnect();
    });
    return deps;
  }

  /**
   * Keys but those of the audit, of counts, of timers (also BullMQ's own, which come and go), and of
   * the sender's own queue.
   */
  async function keys(): Promise<string[]> {
    const all = await bench.redis.keys('*');
    return all
      .filter(
        (key) =>
          !/^oversoak:(audit|audit-refusals|reports:refused)$|^oversoak-bull:((agent-rogue|run-dispatch|soak-ticks):|(agent-agent-[ab]|webhooks):stalled-check$)/.test(
            key,
          ),
      )
      .sort();
  }

  const reportsOf = (agentId: string): object[] => {
    const from = { runId, epoch, agentId, role: 'fleet', atMs: 1 };
    const [fleet, server] = [fleetResult(), serverResult()];
    fleet.series.windows = fleetWindows(3);
    server.series.windows = serverWindows(3);
    return [
      { kind: 'prepared', ...from, environment: environment(), clockOffsetMs: 0, port: 5 },
      { kind: 'started', ...from },
      { kind: 'failed', ...from, reason: 'x', exitCode: 3 },
      { kind: 'aborted', ...from, reason: 'x' },
      { kind: 'finished', ...from, result: fleet },
      { kind: 'finished', ...from, role: 'server', result: server },
    ];
  };

  it('reports of an agent that has no part are refused, and leave nothing', {
    timeout: 600_000,
  }, async (t) => {
    const deps = services(t);
    const before = await keys();
    const texts = textsNear(reportsOf('rogue'), Report);
    const refused = fc.asyncProperty(texts, async (text) => {
      assert.notEqual(await takeReport('rogue', readReport(text), deps), null);
    });
    await fc.assert(refused, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
    assert.deepEqual(await keys(), before);
    const waiting = await bench.redis.llen('oversoak-bull:agent-rogue:wait');
    assert.ok(waiting <= 128, `${waiting} jobs`);
    assert.equal((await deps.runs.get(runId))?.state, 'measuring');
    requireLittleMemory();
  });

  it('samples of an agent that has no part are refused, and leave nothing', {
    timeout: 600_000,
  }, async (t) => {
    const deps = services(t);
    const before = await keys();
    const intake = new SampleIntake(deps);
    const { measured, ...figures } = fleetFigures(20);
    const { latency, stages: _, ...load } = measured;
    const { histograms: __, own: ___, ...server } = serverFigures(20);
    const from = { runId, epoch, agentId: 'rogue', atMs: 1, phase: 'measuring' };
    const examples = [
      {
        ...{ ...from, role: 'fleet', sinceStartSeconds: 1, intervalLatency: latency },
        fleet: { ...figures, measured: load },
      },
      { ...from, role: 'server', sinceStartSeconds: 1, server },
    ];
    for (const example of examples) assert.ok(Value.Check(Sample, example));
    const length = () => bench.redis.xlen(`oversoak:run:${runId}:samples`);
    const stored = await length();
    const taken = fc.asyncProperty(textsNear(examples, Sample), (text) =>
      intake.take('rogue', text),
    );
    await fc.assert(taken, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
    assert.equal(await length(), stored);
    assert.deepEqual(await keys(), before);
    requireLittleMemory();
  });

  it('reports of an agent of the run end it at most, and every answer about it can be read', {
    timeout: 600_000,
  }, async (t) => {
    const deps = services(t);
    const [own] = agents[1].received('assign');
    assert.ok(own?.kind === 'assign');
    const { role } = own.part;
    const agentId = agents[1].registration.agentId;
    const texts = textsNear(
      reportsOf(agentId).map((report) => ({ ...report, role })),
      Report,
    );
    const taken = fc.asyncProperty(texts, async (text) => {
      await takeReport(agentId, readReport(text), deps);
    });
    await fc.assert(taken, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
    const run = await deps.runs.get(runId);
    assert.ok(run !== null);
    for (const agent of agents) await agent.finish(runId);
    const done = await reach(await bench.plane(), runId, 'done');
    assert.ok(JSON.stringify(done).length < 100_000, 'no text of an agent is as long as it likes');
    requireLittleMemory();
  });
});
