import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Soak } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { TestApi } from '@oversoak/testing/control-plane/test-api';
import { TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';

describe('a request with an Idempotency-Key', () => {
  let bench: TestCluster;
  let agents: SimulatedAgent[];
  let apis: [TestApi, TestApi];

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  beforeEach(async () => {
    agents = await bench.agents();
    const { url } = bench.server;
    apis = [await TestApi.start(url), await TestApi.start(url)];
  });
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.close()));
    await bench.clear();
  });

  const post = (key: string | undefined, spec: object = submittedSpec(), by: 0 | 1 = 0) =>
    apis[by].call('POST', '/v1/soaks', {
      payload: spec,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const soaks = async () => {
    const { soaks } = (await apis[0].call('GET', '/v1/soaks')).json<{ soaks: Soak[] }>();
    return soaks.map(({ soakId }) => soakId);
  };

  it('creates one soak with two control planes, and gets the same response', async () => {
    const spec = { ...submittedSpec(), repeats: 3 };
    const answers = await Promise.all([0, 1, 0, 1].map((by) => post('a', spec, by as 0 | 1)));
    const [first] = answers;
    const soak = first?.json<Soak>();
    assert.deepEqual(await soaks(), [soak?.soakId]);
    assert.equal(soak?.runs.length, 3);
    for (const { statusCode, headers, body } of answers) {
      assert.deepEqual([statusCode, headers.location], [201, `/v1/soaks/${soak?.soakId}`]);
      assert.equal(body, first?.body);
    }
  });

  it('gets the first response again after the soak is done, and without agents', async () => {
    const first = await post('a');
    const { soakId, state } = first.json<Soak>();
    assert.equal(state, 'queued');
    await until('the soak is done', async () => {
      const soak = (await apis[0].call('GET', `/v1/soaks/${soakId}`)).json<Soak>();
      return soak.state === 'done';
    });
    for (const agent of agents) await agent.loseLease();
    const again = await post('a', submittedSpec(), 1);
    assert.deepEqual([again.statusCode, again.body], [201, first.body]);
    assert.equal((await post('b')).statusCode, 422);
    assert.equal((await soaks()).length, 1);
  });

  it('is refused with another body, and retried after a refusal', async () => {
    const spec = { ...submittedSpec(), fleet: { agents: 2 } };
    assert.equal((await post('a', spec)).statusCode, 422);
    assert.equal((await post('a')).statusCode, 201);
    const other = await post('a', { ...submittedSpec(), repeats: 2 });
    assert.equal(other.statusCode, 422);
    assert.match(other.json().detail, /this Idempotency-Key was used for another request/);
    assert.equal((await post('b')).statusCode, 201);
    assert.equal((await post(undefined)).statusCode, 201);
    assert.equal((await soaks()).length, 3);
  });

  it('is refused with an invalid key, by name', async () => {
    for (const key of ['', 'two words', 'ä', 'x'.repeat(256)]) {
      const answer = await post(key);
      assert.equal(answer.statusCode, 400, JSON.stringify(key));
      assert.match(answer.body, /Idempotency-Key must be 1 to 255 visible ASCII characters/);
    }
    assert.deepEqual(await soaks(), []);
    assert.equal((await post('x'.repeat(255))).statusCode, 201);
  });

  it('is remembered for seven days', async () => {
    await post('a');
    const ttlMs = await bench.redis.pttl('oversoak:request:idempotency-a');
    assert.ok(ttlMs > 6.9 * 86_400_000 && ttlMs <= 7 * 86_400_000, String(ttlMs));
  });
});
