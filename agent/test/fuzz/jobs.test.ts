import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentJob, type Report } from '@oversoak/contracts';
import { environment } from '@oversoak/testing/builders/made-agents';
import { DRY_ENGINE } from '@oversoak/testing/dry/index';
import { UnrecoverableError } from 'bullmq';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import type { ToHost } from '../../src/host/messages.ts';
import { readJob } from '../../src/job-worker.ts';
import { Assignments } from '../../src/slots/assignments.ts';
import { abort, assignFleet, assignServer, start } from '../jobs.ts';
import { NO_TELEMETRY } from '../no-telemetry.ts';

const INPUTS = Number(process.env.OVERSOAK_FUZZ_INPUTS ?? 500);
const SEED = Date.now() % 2 ** 31;
const MEMORY_MIB = 512;
const SLOTS = 4;

const NASTY = [null, true, '', -1, 0.5, 2 ** 53, 'x'.repeat(3000), '\u0000', '\ud800', [], {}];

/** The value with something else at one place of it; `place` chooses. */
function spoilt(value: unknown, place: number, nasty: unknown): unknown {
  if (value === null || typeof value !== 'object') return nasty;
  const entries = Object.entries(value);
  const at = place % (entries.length + 1);
  if (at === entries.length) return { ...value, more: nasty };
  const rest = Math.floor(place / (entries.length + 1));
  const changed = entries.map(([name, part], index) =>
    index === at ? [name, rest % 3 === 0 ? nasty : spoilt(part, rest, nasty)] : [name, part],
  );
  return Array.isArray(value)
    ? changed.map(([, part]) => part)
    : (Object.fromEntries(changed) as unknown);
}

test(`${INPUTS} made jobs are handled or refused by name, seed ${SEED}`, {
  timeout: 600_000,
}, async () => {
  const reports: Report[] = [];
  const sent: ToHost[] = [];
  let hosts = 0;
  const assignments = new Assignments(
    {
      ...{ agentId: 'agent-1', incarnation: 'agent-1-1' },
      ...{ targets: ['127.0.0.0/8'], peers: ['127.0.0.0/8'], plugins: [] },
      ...{ listenHost: '127.0.0.1', environment: environment(), engine: DRY_ENGINE },
      fork: ({ onExit }) => {
        hosts += 1;
        const exit = () => onExit({ exitCode: 0, signal: null } as never);
        return { pid: hosts, send: (message) => void sent.push(message), kill: exit };
      },
      clock: {
        ...{ nowMs: Date.now, wallOffsetMs: 0 },
        ...{ toRedisMs: (ms: number) => ms, toLocalMs: (ms: number) => ms },
      },
      telemetry: NO_TELEMETRY,
      ...{ report: (report) => void reports.push(report), sample: () => undefined },
    },
    {
      slots: SLOTS,
      ports: { budget: 10_000, timeWaitSeconds: 60 },
      allowsFaults: false,
    },
    () => undefined,
  );
  const runs = fc.constantFrom('run-a', 'run-b', 'run-c');
  const jobs = runs.chain((runId) =>
    fc.constantFrom<object>(assignServer(runId), assignFleet(runId), start(runId), abort(runId)),
  );
  const inputs = fc.oneof(
    jobs,
    fc.tuple(jobs, fc.nat(), fc.constantFrom<unknown>(...NASTY)).map((made) => spoilt(...made)),
    fc.jsonValue({ maxDepth: 3 }),
  );
  let refused = 0;
  const property = fc.asyncProperty(inputs, async (data) => {
    try {
      const job = readJob(data);
      assert.ok(Value.Check(AgentJob, job));
      if (job.kind !== 'probe') await assignments.handle(job);
    } catch (error) {
      if (!(error instanceof UnrecoverableError)) throw error;
      assert.ok(error.message.length < 5000);
      refused += 1;
    }
    assert.ok(assignments.live.filter((slot) => !slot.isWaiting).length <= SLOTS);
  });
  await fc.assert(property, { numRuns: INPUTS, seed: SEED, includeErrorInReport: true });
  assert.ok(refused > INPUTS / 10 && refused < INPUTS);
  for (const message of sent) {
    if (message.kind !== 'prepare' || message.part.role !== 'server') continue;
    assert.equal(message.part.options.host, '127.0.0.1');
    assert.equal(message.part.options.fault, undefined);
  }
  await assignments.stop('the end of the test');
  assert.ok(process.resourceUsage().maxRSS / 1024 < MEMORY_MIB);
});
