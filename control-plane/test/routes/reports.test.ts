import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Soak, SoakPlan, SoakReport } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { ApiBench } from '../api-bench.ts';

describe('plans and reports of soaks', () => {
  let bench: ApiBench;
  let soak: Soak;

  before(async () => {
    bench = await ApiBench.start();
    soak = await bench.done((await bench.submitted({ ...submittedSpec(), repeats: 2 })).soakId);
  });
  after(() => bench.stop());

  const plan = (body: object) => bench.call('POST', '/v1/soaks/plan', { payload: body });

  it('plans a soak without storing it', async () => {
    const before = (await bench.call('GET', '/v1/soaks')).json().soaks.length;
    const phases = { rampUpSeconds: 1, warmUpSeconds: 2, measureSeconds: 30, drainSeconds: 1 };
    const answer = await plan({
      ...submittedSpec(),
      matrix: { notifier: ['iocp', 'event'], sessions: [10] },
      phases,
      repeats: 3,
    });
    assert.equal(answer.statusCode, 200, answer.body);
    assert.equal(Value.Check(SoakPlan, answer.json()), true);
    assert.deepEqual(answer.json(), {
      name: 'made',
      cells: 2,
      repeats: 3,
      runs: 6,
      plannedSeconds: 204,
    });
    assert.equal((await bench.call('GET', '/v1/soaks')).json().soaks.length, before);
    const zones = { size: 5, share: 0.5 };
    const withZones = await plan({ ...submittedSpec(), workload: { ratePerSecond: 2000, zones } });
    assert.equal(Value.Check(SoakPlan, withZones.json()), true, withZones.body);
    assert.equal(withZones.json().deliveriesPerSecond, 5000);
  });

  it('refuses a plan with the same words as the soak', async () => {
    for (const change of [
      { matrix: { notifier: ['icop'], sessions: [10] } },
      { fleet: { agents: 9 } },
    ]) {
      const body = { ...submittedSpec(), ...change };
      const planned = await plan(body);
      const submitted = await bench.call('POST', '/v1/soaks', { payload: body });
      assert.ok(planned.statusCode >= 400, planned.body);
      assert.deepEqual(planned.json(), submitted.json());
    }
  });

  it('reports a soak with the comparison, a curve for each cell and a line for each run', async () => {
    const report = (await bench.call('GET', `/v1/soaks/${soak.soakId}/report`)).json<SoakReport>();
    assert.equal(Value.Check(SoakReport, report), true);
    const comparison = await bench.call('GET', `/v1/soaks/${soak.soakId}/comparison`);
    assert.deepEqual(report.comparison, comparison.json());
    const [cell] = report.cells;
    assert.equal(cell?.latency.oneIn.at(-1), report.comparison.cells[0]?.latencyIntended.count);
    assert.deepEqual(
      report.runs.map(({ repeat }) => repeat),
      [1, 2],
    );
    assert.ok((report.runs[0]?.evidence?.checks.length ?? 0) > 0);
  });

  it('writes a report and a comparison as one file', async () => {
    const urls = [
      `/v1/soaks/${soak.soakId}/report?format=html`,
      `/v1/comparisons?left=${soak.soakId}&right=${soak.soakId}&format=html`,
    ];
    for (const url of urls) {
      const { body, headers, statusCode } = await bench.call('GET', url);
      assert.equal(statusCode, 200, body);
      assert.match(String(headers['content-type']), /^text\/html/);
      assert.match(body, /^<!doctype html>/);
      assert.ok(body.includes(soak.soakId));
    }
    assert.equal((await bench.call('GET', '/v1/soaks/soak-none/report')).statusCode, 404);
  });

  it('serves the console to anybody, with a policy that lets in nothing else', async () => {
    const page = await bench.app.inject('/');
    assert.equal(page.statusCode, 200);
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|upgrade-insecure/);
    const script = /src="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const asset = await bench.app.inject(script);
    assert.equal(asset.statusCode, 200);
    assert.match(String(asset.headers['cache-control']), /immutable/);
    assert.equal((await bench.app.inject('/../package.json')).statusCode, 404);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
