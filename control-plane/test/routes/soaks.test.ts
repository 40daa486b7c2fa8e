import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Comparison, type Report, Soak } from '@oversoak/contracts';
import { submittedSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { ApiBench } from '../api-bench.ts';

describe('soaks', () => {
  let bench: ApiBench;

  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  it('runs a soak of a target and shows its cells without a server', async () => {
    const soak = await bench.submitted({
      ...submittedSpec(),
      matrix: { sessions: [10] },
      target: TARGET,
    });
    assert.equal(Value.Check(Soak, soak), true);
    const ended = await bench.done(soak.soakId);
    assert.equal(ended.verdict, 'passed');
    assert.deepEqual(ended.runs[0]?.cell, { notifier: null, layout: null, sessions: 10 });
    const run = (await bench.call('GET', `/v1/runs/${soak.runs[0]?.runId}`)).json();
    assert.equal(run.result.server, null);
    const url = `/v1/soaks/${soak.soakId}/comparison`;
    const comparison = (await bench.call('GET', url)).json<Comparison>();
    assert.equal(Value.Check(Comparison, comparison), true);
    assert.equal(comparison.cells[0]?.key, 'target.10');
    assert.equal(comparison.cells[0]?.echoes, 1000);
    assert.match(
      (await bench.call('GET', `${url}?format=csv`)).body,
      /\ns[^,]*,made,target\.10,,,10,/,
    );
    const markdown = await bench.call('GET', `${url}?format=markdown`);
    assert.match(String(markdown.headers['content-type']), /^text\/markdown/);
    assert.match(
      markdown.body,
      /^\*\*made\*\* .*\*\*passed\*\*\n[\s\S]*\| target\.10 \| passed \|/,
    );
  });

  it('lists soaks newest first, page by page', async () => {
    const made = [];
    for (let count = 0; count < 3; count++) made.push((await bench.submitted()).soakId);
    const first = (await bench.call('GET', '/v1/soaks?limit=2')).json();
    assert.deepEqual(
      first.soaks.map(({ soakId }: Soak) => soakId),
      [made[2], made[1]],
    );
    const second = (await bench.call('GET', `/v1/soaks?limit=1&cursor=${first.nextCursor}`)).json();
    assert.equal(second.soaks[0].soakId, made[0]);
    const like = async (prefix: string) => {
      const { soaks } = (await bench.call('GET', `/v1/soaks?prefix=${prefix}`)).json();
      return soaks.map(({ soakId }: Soak) => soakId);
    };
    assert.deepEqual(await like(String(made[1])), [made[1]]);
    assert.deepEqual((await like('soak-0')).slice(0, 3), made.toReversed());
    assert.deepEqual(await like('soak-7z'), []);
    for (const query of ['limit=0', 'limit=x', 'limt=5']) {
      const refused = await bench.call('GET', `/v1/soaks?${query}`);
      assert.equal(refused.statusCode, 400, query);
    }
    assert.match(
      (await bench.call('GET', '/v1/soaks?limt=5')).body,
      /valid: limit, state, verdict, name, schedule, prefix, cursor/,
    );
    for (const soakId of made) await bench.done(soakId);
  });

  it('cancels a soak idempotently', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const soak = await bench.submitted({ ...submittedSpec(), phases: long, repeats: 2 });
    for (let times = 0; times < 2; times++) {
      const answer = await bench.call('POST', `/v1/soaks/${soak.soakId}/cancel`);
      assert.equal(answer.statusCode, 202);
      assert.equal(answer.json().soakId, soak.soakId);
    }
    assert.equal((await bench.done(soak.soakId)).verdict, 'cancelled');
    const after = await bench.call('POST', `/v1/soaks/${soak.soakId}/cancel`);
    assert.equal(after.json().verdict, 'cancelled');
  });

  it('lists the soaks that match every filter, in pages that are full', async () => {
    const named = async (name: string) =>
      (await bench.submitted({ ...submittedSpec(), name })).soakId;
    const passed = [await named('Filter one'), await named('filter two')];
    for (const soakId of passed) await bench.done(soakId);
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const spec = { ...submittedSpec(), phases: long, name: 'filter three' };
    const { soakId: open } = await bench.submitted(spec);
    const like = async (query: string) => {
      const { soaks, nextCursor } = (await bench.call('GET', `/v1/soaks?${query}`)).json();
      return { ids: soaks.map(({ soakId }: Soak) => soakId), nextCursor };
    };
    assert.deepEqual((await like('name=FILTER')).ids, [open, passed[1], passed[0]]);
    assert.deepEqual((await like('name=filter&verdict=passed')).ids, passed.toReversed());
    assert.deepEqual((await like('name=filter&state=done')).ids, passed.toReversed());
    assert.deepEqual((await like('name=filter&verdict=failed')).ids, []);
    assert.deepEqual((await like('schedule=nightly')).ids, []);
    const first = await like('name=filter&state=done&limit=1');
    assert.deepEqual(first.ids, [passed[1]], 'the newer soak that does not match takes no place');
    const second = await like(`name=filter&state=done&limit=1&cursor=${first.nextCursor}`);
    assert.deepEqual(second.ids, [passed[0]]);
    const refused = await bench.call('GET', '/v1/soaks?state=finished');
    assert.match(refused.body, /must be one of queued, running, done/);
    await bench.call('POST', `/v1/soaks/${open}/cancel`);
    await bench.done(open);
  });

  it('deletes a finished soak with all that it stored, and no other', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const { soakId, runs } = await bench.submitted({ ...submittedSpec(), phases: long });
    const remove = () => bench.call('DELETE', `/v1/soaks/${soakId}`);
    const open = await remove();
    assert.equal(open.statusCode, 409);
    assert.match(open.json().detail, /is not done; cancel it first/);
    await bench.call('POST', `/v1/soaks/${soakId}/cancel`);
    await bench.done(soakId);

    const { soakId: pinned } = await bench.submitted();
    await bench.done(pinned);
    await bench.call('PUT', '/v1/baselines/main', { payload: { soakId: pinned } });
    const held = await bench.call('DELETE', `/v1/soaks/${pinned}`);
    assert.equal(held.statusCode, 409);
    assert.match(held.json().detail, /is pinned as baseline "main"; unpin it first/);

    const own = async () => {
      const keys = await bench.redis.keys('*');
      return keys.filter((key) => key.includes(soakId.replace('soak-', '')));
    };
    assert.ok((await own()).length > 1);
    const run = await bench.cluster.runs.get(runs[0]?.runId ?? '');
    assert.ok(run !== null);
    const gone = await remove();
    assert.equal(gone.statusCode, 204);
    // What was under way comes after the deletion.
    await bench.cluster.runs.effectsDone(run);
    await bench.cluster.runs.addSample(run.runId, '{}');
    const { runId, epoch } = run;
    const late = { kind: 'started', runId, epoch, agentId: 'agent-a', atMs: 0 } as const;
    assert.equal(await bench.cluster.runs.keepReports(runId, [late as Report]), false);
    assert.deepEqual(await own(), []);
    for (const path of [`soaks/${soakId}`, `runs/${runs[0]?.runId}`]) {
      assert.equal((await bench.call('GET', `/v1/${path}`)).statusCode, 404);
    }
    assert.equal((await remove()).statusCode, 404);
  });

  it('takes an empty JSON body where nothing is needed', async () => {
    const { soakId } = await bench.submitted();
    const empty = { headers: { 'content-type': 'application/json' }, payload: '' };
    const cancelled = await bench.call('POST', `/v1/soaks/${soakId}/cancel`, empty);
    assert.equal(cancelled.statusCode, 202, cancelled.body);
    const drained = await bench.call('POST', '/v1/agents/agent-a/drain', empty);
    assert.equal(drained.statusCode, 200, drained.body);
    const ended = await bench.call('DELETE', '/v1/agents/agent-a/drain', empty);
    assert.equal(ended.statusCode, 200, ended.body);
    const probed = await bench.call('POST', '/v1/probes', empty);
    assert.equal(probed.statusCode, 202, probed.body);
    const refused = await bench.call('POST', '/v1/soaks', empty);
    assert.equal(refused.statusCode, 400);
    assert.match(refused.body, /object/);
    await bench.done(soakId);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
