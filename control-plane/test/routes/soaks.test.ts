import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Comparison, Soak } from '@oversoak/contracts';
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
      /valid: limit, prefix, cursor/,
    );
    for (const soakId of made) await bench.done(soakId);
  });

  it('cancels a soak idempotently', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const soak = await bench.submitted({ ...submittedSpec(), phases: long, repeats: 2 });
    for (let times = 0; times < 2; times++) {
      const answer = await bench.call('DELETE', `/v1/soaks/${soak.soakId}`);
      assert.equal(answer.statusCode, 202);
      assert.equal(answer.json().soakId, soak.soakId);
    }
    assert.equal((await bench.done(soak.soakId)).verdict, 'cancelled');
    const after = await bench.call('DELETE', `/v1/soaks/${soak.soakId}`);
    assert.equal(after.json().verdict, 'cancelled');
  });

  it('has answered all of this as its document says', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
