import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import {
  AGENTS_KEY,
  agentQueue,
  BOUNDS,
  leaseKey,
  PROBE_NAMES,
  probeAnswersKey,
  probeRequestsKey,
  QUEUE_PREFIX,
  registrationKey,
  reportsKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { probeAnswer } from '@oversoak/testing/builders/made-figures';
import { reach, runOf, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';

const ROGUE = 'agent-r';
/** Of BullMQ, each of which would be something else than a string. */
const QUEUE_KEYS = ['wait', 'meta', 'id', 'active', 'prioritized', 'events', 'marker', 'delayed'];
const keysOf = (agentId: string, names = QUEUE_KEYS) =>
  names.map((name) => `${QUEUE_PREFIX}:${agentQueue(agentId)}:${name}`);

describe('an agent that makes what it likes of its own keys', () => {
  let bench: TestCluster;
  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  afterEach(() => bench.clear());

  async function rogue(): Promise<void> {
    const { redis } = bench;
    const made = registration(ROGUE, { labels: { id: ROGUE } });
    await redis.sadd(AGENTS_KEY, ROGUE);
    await redis.set(registrationKey(ROGUE), JSON.stringify(made));
    await redis.set(leaseKey(ROGUE), made.incarnation);
  }
  const spoil = async (keys: readonly string[]) => {
    for (const key of keys) await bench.redis.set(key, 'x');
  };

  it('is left out of the figures of the cluster, and of the agents whose probes are requested', async () => {
    await bench.agent('agent-a');
    await rogue();
    const plane = await bench.plane();
    for (const keys of [keysOf(ROGUE), [reportsKey(ROGUE)], [probeRequestsKey(ROGUE)]]) {
      await bench.redis.del(...keys);
      await spoil(keys);
      const points = await plane.figures();
      assert.ok(points.some(({ metric }) => metric === 'oversoak.queue.length'));
    }
    const { requested } = await plane.probe([ROGUE, 'agent-a'], ['loopback']);
    assert.deepEqual(
      requested.map(({ agentId }) => agentId),
      ['agent-a'],
    );
    await bench.redis.del(probeRequestsKey(ROGUE));
    const again = await plane.probe([ROGUE, 'agent-a'], ['loopback']);
    assert.equal(again.requested.length, 1, 'its queue takes no job either');
  });

  it('ends a run at once that would wait for it, with its name', async () => {
    await bench.agent('agent-a', { labels: { id: 'agent-a' } });
    await rogue();
    const plane = await bench.plane({ prepareMs: 600_000, abortMs: 600_000 });
    for (const placement of [
      { server: { id: 'agent-a' }, fleet: { id: ROGUE } },
      { server: { id: ROGUE }, fleet: { id: 'agent-a' } },
    ]) {
      await spoil(keysOf(ROGUE));
      const { soak } = await submit(plane, { placement });
      const [runId = ''] = soak.runIds;
      await reach(plane, runId, 'done');
      const { judgement } = await runOf(plane, runId);
      assert.equal(judgement?.verdict, 'inconclusive');
      assert.match(judgement?.reasons.join('; ') ?? '', /on agent-r failed: .* takes no job/);
    }
    assert.equal(await bench.redis.scard('oversoak:agent:agent-a:reserved'), 0);
  });

  it('shows no answer of a probe that is longer than allowed', async () => {
    await rogue();
    const { probes } = await bench.plane();
    const [first = '', second = ''] = PROBE_NAMES;
    const long = { ...probeAnswer(ROGUE, first), note: 'x'.repeat(BOUNDS.probe.bytes) };
    await bench.redis.hset(probeAnswersKey(ROGUE), first, JSON.stringify(long));
    await bench.redis.hset(
      probeAnswersKey(ROGUE),
      second,
      JSON.stringify(probeAnswer(ROGUE, second)),
    );
    await bench.redis.hset(probeRequestsKey(ROGUE), first, ' '.repeat(BOUNDS.probe.bytes + 1));
    const { answers, requested } = await probes.of(ROGUE);
    assert.deepEqual(
      answers.map(({ name }) => name),
      [second],
    );
    assert.deepEqual(requested, []);
    await spoil([probeAnswersKey(ROGUE), probeRequestsKey(ROGUE)]);
    assert.deepEqual(await probes.of(ROGUE), { requested: [], answers: [] });
  });
});
