import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { RecordingTelemetry } from '@oversoak/testing/control-plane/recording-telemetry';
import { LONG, reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import type { InjectOptions } from 'fastify';
import { assemble, emptyApp } from '../../src/app.ts';

const TOKEN = 'a-token-of-the-tests-of-oversoak';
const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const authorization = `Bearer ${TOKEN}`;

describe('requests to the API', () => {
  let bench: TestCluster;
  let telemetry: RecordingTelemetry;
  const open: { close(): Promise<unknown> }[] = [];

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  beforeEach(() => {
    telemetry = new RecordingTelemetry();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
    await bench.clear();
  });

  const started = async () => {
    const plane = await bench.plane({}, { telemetry });
    const options = { cluster: plane, token: TOKEN, rateLimitPerMinute: 10_000, telemetry };
    const app = await assemble(emptyApp(false), options);
    open.push(app);
    return { plane, app };
  };

  /** The one request's span and duration; `span` undefined where it has none. */
  const traced = async (options: InjectOptions) => {
    const { app } = await started();
    const before = telemetry.recorded.length;
    const answer = await app.inject({ ...options, headers: { authorization, ...options.headers } });
    const durations = telemetry.recorded
      .slice(before)
      .filter(({ metric }) => metric === 'http.server.request.duration');
    const [duration, ...more] = durations;
    assert.ok(duration !== undefined && more.length === 0, `${durations.length} durations`);
    const [span] = telemetry.named('http.request');
    return { answer, span, duration };
  };

  it('have the route instead of the path, and nothing of the body', async () => {
    const url = '/v1/soaks/soak-secret/comparison?format=csv';
    const { span, duration } = await traced({ method: 'GET', url });
    const attributes = {
      'http.request.method': 'GET',
      'http.route': '/v1/soaks/:soakId/comparison',
      'http.response.status_code': 404,
    };
    assert.equal(span?.title, 'GET /v1/soaks/:soakId/comparison');
    assert.deepEqual(span?.attributes, attributes);
    assert.equal(span?.failed, undefined);
    assert.equal(span?.parent, undefined);
    assert.deepEqual(duration.attributes, attributes);
    assert.ok(duration.value > 0 && duration.value < 60);
    assert.ok(!JSON.stringify(telemetry.spans).includes('secret'));
  });

  it('have no route if they are refused before routing', async () => {
    const { span, duration } = await traced({ method: 'GET', url: '/no/such/path' });
    assert.equal(span?.title, 'GET');
    const attributes = { 'http.request.method': 'GET', 'http.response.status_code': 404 };
    assert.deepEqual(duration.attributes, attributes);
  });

  it('are reported without a token too, and an unknown method is "other"', async () => {
    const wrong = { authorization: 'Bearer another' };
    const { span } = await traced({ method: 'GET', url: '/v1/agents', headers: wrong });
    assert.equal(span?.attributes['http.response.status_code'], 401);
    const { duration } = await traced({ method: 'PROPFIND', url: '/v1/agents' });
    assert.equal(duration.attributes['http.request.method'], '_OTHER');
  });

  it("continue the caller's trace, and the submission continues theirs", async () => {
    await bench.agents();
    const { answer, span } = await traced({
      method: 'POST',
      url: '/v1/soaks',
      payload: submittedSpec(),
      headers: { traceparent: CALLER },
    });
    assert.equal(answer.statusCode, 201);
    assert.equal(span?.parent, CALLER);
    const [submission, ...more] = telemetry.named('soak.submit');
    assert.equal(more.length, 0);
    assert.equal(submission?.parent, span?.trace);
    const { soakId, runs } = answer.json();
    assert.equal(submission?.attributes['oversoak.soak.id'], soakId);
    await until('dispatched', async () => telemetry.named('run.dispatch').length === 1);
    assert.equal(telemetry.named('run.dispatch')[0]?.attributes['oversoak.run.id'], runs[0].runId);
  });

  it('ignore an invalid traceparent', async () => {
    const headers = { traceparent: 'ff-1-2-3' };
    const { answer, span } = await traced({ method: 'GET', url: '/v1/agents', headers });
    assert.equal(answer.statusCode, 200);
    assert.equal(span?.parent, undefined);
  });

  it('fail their span if the control plane failed', async () => {
    const { app, plane } = await started();
    plane.agents.list = async () => {
      throw new Error('why');
    };
    await app.inject({ method: 'GET', url: '/v1/agents', headers: { authorization } });
    const [span] = telemetry.named('http.request');
    assert.equal(span?.attributes['error.type'], '500');
    assert.equal(span?.failed, 'answered 500');
  });

  it('have no span for health checks', async () => {
    const { span, duration } = await traced({ method: 'GET', url: '/healthz' });
    assert.equal(span, undefined);
    assert.equal(duration.attributes['http.route'], '/healthz');
  });

  it('have no span for event streams, but for refused ones', async () => {
    await bench.agents();
    const { app, plane } = await started();
    const { soak } = await submit(plane, { phases: LONG });
    const run = await reach(plane, soak.runIds[0], 'measuring');
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const path = `/v1/runs/${run.runId}/events`;
    const stream = httpRequest({ port, host: '127.0.0.1', path, headers: { authorization } });
    const answered = once(stream.end(), 'response') as Promise<[IncomingMessage]>;
    const [response] = await answered;
    const ended = once(response.resume(), 'close');
    const begun = await plane.soaks.get(soak.soakId);
    assert.ok(begun !== null);
    await plane.cancel(begun);
    await ended;
    await app.inject({
      method: 'GET',
      url: '/v1/runs/run-none/events',
      headers: { authorization, accept: 'text/event-stream' },
    });
    assert.deepEqual(
      telemetry
        .named('http.request')
        .map(({ attributes }) => attributes['http.response.status_code']),
      [404],
    );
    const durations = telemetry.recorded.filter(
      ({ metric }) => metric === 'http.server.request.duration',
    );
    assert.equal(durations.length, 1);
  });
});
