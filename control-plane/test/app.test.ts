import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assemble, emptyApp } from '../src/app.ts';
import { ApiBench, PROBLEM, TOKEN } from './api-bench.ts';

describe('the app', () => {
  let bench: ApiBench;

  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  it('asks for the token on every route but health and docs', async () => {
    for (const url of ['/v1/soaks', '/v1/agents', '/v1/runs/x', '/v1/runs/x/events']) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
        const answer = await bench.app.inject({ url, headers });
        assert.equal(answer.statusCode, 401, url);
        assert.match(String(answer.headers['content-type']), PROBLEM);
        assert.match(answer.json().detail, /Authorization: Bearer TOKEN/);
      }
    }
    for (const url of ['/healthz', '/readyz', '/docs/json', '/docs']) {
      assert.ok((await bench.app.inject({ url })).statusCode < 400, url);
    }
  });

  it('limits the requests per address and minute', async () => {
    const options = { cluster: bench.cluster, token: TOKEN, rateLimitPerMinute: 2 };
    const bounded = await assemble(emptyApp(false), options);
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await bounded.inject('/healthz'));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [200, 200, 429],
    );
    assert.match(String(answers[2]?.headers['content-type']), PROBLEM);
    assert.match(answers[2]?.body ?? '', /more than 2 requests in a minute/);
    await bounded.close();
  });

  it('describes itself in OpenAPI', async () => {
    const { paths, webhooks, components } = (await bench.app.inject({ url: '/docs/json' })).json();
    assert.deepEqual(Object.keys(paths).sort(), [
      '/healthz',
      '/metrics',
      '/readyz',
      '/v1/agents',
      '/v1/agents/{agentId}/drain',
      '/v1/agents/{agentId}/probes',
      '/v1/audit',
      '/v1/baselines',
      '/v1/baselines/{name}',
      '/v1/comparisons',
      '/v1/enrolments',
      '/v1/enrolments/join',
      '/v1/enrolments/{agentId}',
      '/v1/enrolments/{agentId}/rotate',
      '/v1/me',
      '/v1/probes',
      '/v1/runs/{runId}',
      '/v1/runs/{runId}/events',
      '/v1/runs/{runId}/samples',
      '/v1/schedules',
      '/v1/schedules/{name}',
      '/v1/schedules/{name}/history',
      '/v1/schedules/{name}/run',
      '/v1/schedules/{name}/trend',
      '/v1/soaks',
      '/v1/soaks/import',
      '/v1/soaks/plan',
      '/v1/soaks/{soakId}',
      '/v1/soaks/{soakId}/cancel',
      '/v1/soaks/{soakId}/comparison',
      '/v1/soaks/{soakId}/events',
      '/v1/soaks/{soakId}/export',
      '/v1/soaks/{soakId}/report',
      '/v1/tokens',
      '/v1/tokens/{id}',
    ]);
    const { requestBody, parameters } = paths['/v1/soaks'].post;
    assert.deepEqual(
      parameters.map((one: Record<string, string>) => `${one.in} ${one.name}`),
      ['header idempotency-key'],
    );
    assert.deepEqual(Object.keys(webhooks), ['scheduledSoakEnded']);
    assert.ok(Object.keys(requestBody.content).includes('application/yaml'));
    const written = { $ref: '#/components/schemas/SoakSpec' };
    assert.deepEqual(requestBody.content['application/json'].schema, written);
    assert.ok('matrix' in components.schemas.SoakSpec.properties);
  });

  it('names the methods of a path that has others', async () => {
    const answer = await bench.app.inject({ method: 'PATCH', url: '/v1/soaks/soak-1?x=1' });
    assert.equal(answer.statusCode, 405);
    assert.deepEqual(String(answer.headers.allow).split(', ').sort(), ['DELETE', 'GET', 'HEAD']);
    assert.match(answer.json().detail, /^PATCH is not possible for \/v1\/soaks\/soak-1; valid: /);
    assert.equal((await bench.app.inject({ method: 'PUT', url: '/v1/nothing' })).statusCode, 404);
  });

  it('lets a browser load the pages over http', async () => {
    for (const url of ['/docs', '/healthz']) {
      const { headers } = await bench.app.inject({ url });
      assert.match(String(headers['content-security-policy']), /script-src/, url);
      assert.doesNotMatch(String(headers['content-security-policy']), /upgrade-insecure/, url);
      assert.equal(headers['strict-transport-security'], undefined);
    }
  });

  it('asks in OpenAPI for what a user has to write, and answers with everything', async () => {
    const { components } = (await bench.app.inject({ url: '/docs/json' })).json();
    const { SoakSpec, Soak, CompleteSoakSpec } = components.schemas;
    assert.deepEqual(SoakSpec.required.sort(), ['matrix', 'name', 'phases', 'workload']);
    assert.equal(Soak.properties.spec.$ref, '#/components/schemas/CompleteSoakSpec');
    assert.ok(CompleteSoakSpec.required.includes('repeats'));
  });

  it('has metrics for Prometheus, for who has a token', async () => {
    assert.equal((await bench.app.inject('/metrics')).statusCode, 401);
    const { headers, body } = await bench.call('GET', '/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0\.0\.4/);
    const { soakId } = await bench.submitted();
    await bench.done(soakId);
    for (const line of [
      /^oversoak_agents\{oversoak_agent_state="idle",oversoak_platform="wine"\} 2$/m,
      /^oversoak_queue_length\{oversoak_queue="soaks"\} 0$/m,
      /^http_server_request_duration_seconds_count\{.*http_route="\/healthz".*\} \d+$/m,
      /^nodejs_eventloop_lag_seconds /m,
    ]) {
      assert.match(body, line);
    }
    const later = (await bench.call('GET', '/metrics')).body;
    assert.match(later, /^oversoak_runs_total\{.*oversoak_verdict="passed".*\} [1-9]/m);
  });

  it('responds to an unknown route with a problem', async () => {
    for (const [method, url] of [
      ['GET', '/v1/soaks/none'],
      ['DELETE', '/v1/soaks/none'],
      ['POST', '/v1/agents/none/drain'],
      ['DELETE', '/v1/agents/none/drain'],
      ['GET', '/v1/soaks/none/comparison'],
      ['GET', '/v1/runs/none'],
      ['GET', '/v1/runs/none/samples'],
      ['GET', '/v1/none'],
      ['PUT', '/none'],
    ] as const) {
      const answer = await bench.call(method, url);
      assert.equal(answer.statusCode, 404, url);
      assert.match(String(answer.headers['content-type']), PROBLEM);
      assert.equal(answer.json().status, 404);
    }
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
