import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type Comparison, cellKey, Soak } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { TestApi } from '@oversoak/testing/control-plane/test-api';
import { TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { Value } from 'typebox/value';

const against = { baseline: 'main' };

describe('a soak against a baseline', () => {
  let bench: TestCluster;
  let api: TestApi;
  let server: SimulatedAgent;

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  beforeEach(async () => {
    [server] = await bench.agents();
    api = await TestApi.start(bench.server.url);
  });
  afterEach(async () => {
    await api.close();
    await bench.clear();
  });

  const post = (changes: object) =>
    api.call('POST', '/v1/soaks', { payload: { ...submittedSpec(), ...changes } });
  const get = async (url: string) => (await api.call('GET', url)).json();
  const done = async (soakId: string): Promise<Soak> =>
    until(`${soakId} is done`, async () => {
      const soak: Soak = await get(`/v1/soaks/${soakId}`);
      return soak.state === 'done' ? soak : null;
    });
  async function run(changes: object): Promise<Soak> {
    const answer = await post(changes);
    assert.equal(answer.statusCode, 201, answer.body);
    const soak = answer.json<Soak>();
    assert.deepEqual(Value.Errors(Soak, soak), []);
    return await done(soak.soakId);
  }
  async function pin(name: string, soakId: string) {
    const { statusCode, body } = await api.call('PUT', `/v1/baselines/${name}`, {
      payload: { soakId },
    });
    assert.equal(statusCode, 200, body);
  }

  it('interleaves with the pinned cells, which run by their own spec', async () => {
    const pinned = await run({ threads: { io: 2 }, thresholds: ['echo.latency.max < 1us'] });
    assert.equal(pinned.verdict, 'failed');
    await pin('main', pinned.soakId);
    const before = server.received('assign').length;
    const matrix = { notifier: ['iocp', 'event'], sessions: [10] };
    const soak = await run({ matrix, repeats: 2, threads: { io: 1 }, against });
    const order = ['iocp.homo.10.baseline', 'iocp.homo.10', 'event.homo.10'];
    assert.deepEqual(
      soak.runs.map(({ cell }) => cellKey(cell)),
      [...order, ...order.toReversed()],
    );
    assert.equal(soak.against?.soakId, pinned.soakId);
    assert.deepEqual(
      server
        .received('assign')
        .slice(before)
        .map((job) => job.kind === 'assign' && 'threads' in job.part.options && job.part.options)
        .map((options) => options && [options.threads, 'notifier' in options && options.notifier]),
      [
        [{ io: 2, content: 0 }, 'iocp'],
        [{ io: 1, content: 0 }, 'iocp'],
        [{ io: 1, content: 0 }, 'event'],
        [{ io: 1, content: 0 }, 'event'],
        [{ io: 1, content: 0 }, 'iocp'],
        [{ io: 2, content: 0 }, 'iocp'],
      ],
    );
    // The pinned soak missed its threshold, which nobody holds against it tonight.
    assert.equal(soak.verdict, 'passed');
    const comparison: Comparison = await get(`/v1/soaks/${soak.soakId}/comparison`);
    assert.deepEqual(
      comparison.against?.cells.map(({ left, right, metrics }) => [
        left,
        right,
        metrics[0]?.leftRepeats,
      ]),
      [['iocp.homo.10.baseline', 'iocp.homo.10', 2]],
    );
    assert.deepEqual(comparison.against?.differs, ['threads.io']);
    const file = await api.call('GET', `/v1/soaks/${soak.soakId}/export`);
    const again = await api.call('POST', '/v1/soaks/import', {
      payload: file.rawPayload,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    assert.equal(again.statusCode, 200, again.body);
  });

  it('is refused without its baseline, with the names of the existing ones', async () => {
    const soak = await run({});
    const refusal = async () => {
      const answer = await post({ against });
      assert.equal(answer.statusCode, 422, answer.body);
      const [{ pointer, detail }] = answer.json().errors;
      assert.equal(pointer, '/against/baseline');
      return detail;
    };
    assert.equal(await refusal(), 'no baseline "main"; there are: none');
    await pin('main', soak.soakId);
    await pin('release', soak.soakId);
    await api.call('DELETE', '/v1/baselines/main');
    assert.equal(await refusal(), 'no baseline "main"; there are: release');
    const wrong = await post({ against: { baseline: 'Main' } });
    assert.equal(wrong.statusCode, 400);
    const schedule = { cron: '0 2 * * *', spec: { ...submittedSpec(), against } };
    const put = await api.call('PUT', '/v1/schedules/nightly', { payload: schedule });
    assert.equal(put.statusCode, 422, put.body);
    assert.equal(put.json().errors[0].pointer, '/spec/against/baseline');
  });

  it('resolves the baseline of a schedule at each of its soaks', async () => {
    const [first, second] = [await run({}), await run({})];
    await pin('main', first.soakId);
    const spec = { ...submittedSpec(), against };
    const schedule = { cron: '0 2 * * *', spec, enabled: false };
    const put = await api.call('PUT', '/v1/schedules/nightly', { payload: schedule });
    assert.equal(put.statusCode, 201, put.body);
    const held = async () => {
      const answer = await api.call('POST', '/v1/schedules/nightly/run');
      assert.equal(answer.statusCode, 201, answer.body);
      const { soakId } = answer.json<Soak>();
      return (await done(soakId)).against?.soakId;
    };
    assert.equal(await held(), first.soakId);
    await pin('main', second.soakId);
    assert.equal(await held(), second.soakId);
  });
});
