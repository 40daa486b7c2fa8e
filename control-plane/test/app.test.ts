import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Comparison, ListedAgent, Soak, samplesKey } from '@oversoak/contracts';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Redis } from 'ioredis';
import { Value } from 'typebox/value';
import { assemble, emptyApp } from '../src/app.ts';
import { type Cluster, startCluster } from '../src/cluster.ts';
import { LIMITS } from '../src/run/deadlines.ts';
import { watchAnswers } from './answers.ts';
import { submittedSpec, TARGET } from './made-figures.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { silentLog } from './silent-log.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { until } from './until.ts';

const TOKEN = 'a-token-of-the-tests';
const PROBLEM = /^application\/problem\+json/;
const authorization = `Bearer ${TOKEN}`;

describe('the REST API', () => {
  let server: RedisServer;
  let redis: Redis;
  let cluster: Cluster;
  let app: FastifyInstance;
  let faults: () => string[];
  const agents: SimulatedAgent[] = [];

  before(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url);
    cluster = await startCluster({
      redisUrl: server.url,
      log: silentLog,
      limits: { ...LIMITS, startLeadMs: 20, serverStopMs: 0 },
      watchEveryMs: 50,
    });
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 10_000 };
    const bare = emptyApp(false);
    faults = watchAnswers(bare);
    app = await assemble(bare, options);
    const notifiers = ['iocp', 'event'];
    for (const agentId of ['agent-a', 'agent-b']) {
      agents.push(await SimulatedAgent.start(server.url, agentId));
    }
    assert.deepEqual(
      agents[0]?.registration.environment.capabilities.notifiers
        .filter(({ works }) => works)
        .map(({ name }) => name),
      notifiers,
    );
  });
  after(async () => {
    await app.close();
    await cluster.close();
    await Promise.all(agents.map((agent) => agent.stop()));
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    for (const agent of agents) await agent.register();
  });

  const call = (method: InjectOptions['method'], url: string, more: InjectOptions = {}) =>
    app.inject({ method, url, ...more, headers: { authorization, ...more.headers } } as never);
  const post = (spec: unknown) =>
    call('POST', '/v1/soaks', { payload: spec as Record<string, unknown> });
  const postYaml = (payload: string) =>
    call('POST', '/v1/soaks', { payload, headers: { 'content-type': 'application/yaml' } });
  const pointers = (body: { errors: { pointer: string }[] }) =>
    body.errors.map(({ pointer }) => pointer);
  const stored = async () => (await redis.keys('oversoak:soak*')).length;
  const submitted = async (spec: unknown = submittedSpec()): Promise<Soak> => {
    const answer = await post(spec);
    assert.equal(answer.statusCode, 201, answer.body);
    return answer.json();
  };
  const done = (soakId: string) =>
    until(`${soakId} is done`, async () => {
      const soak = (await call('GET', `/v1/soaks/${soakId}`)).json<Soak>();
      return soak.state === 'done' ? soak : null;
    });

  it('asks for the token on every route but health and docs', async () => {
    for (const url of ['/v1/soaks', '/v1/agents', '/v1/runs/x', '/v1/runs/x/events']) {
      for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
        const answer = await app.inject({ url, headers });
        assert.equal(answer.statusCode, 401, url);
        assert.match(String(answer.headers['content-type']), PROBLEM);
        assert.match(answer.json().detail, /Authorization: Bearer TOKEN/);
      }
    }
    for (const url of ['/healthz', '/readyz', '/docs/json', '/docs']) {
      assert.ok((await app.inject({ url })).statusCode < 400, url);
    }
  });

  it('bounds the requests of one address in a minute', async () => {
    const options = { cluster, token: TOKEN, rateLimitPerMinute: 2 };
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
    const { paths, webhooks } = (await app.inject({ url: '/docs/json' })).json();
    assert.deepEqual(Object.keys(paths).sort(), [
      '/healthz',
      '/readyz',
      '/v1/agents',
      '/v1/agents/{agentId}/drain',
      '/v1/agents/{agentId}/probes',
      '/v1/baselines',
      '/v1/baselines/{name}',
      '/v1/comparisons',
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
      '/v1/soaks/{soakId}',
      '/v1/soaks/{soakId}/comparison',
      '/v1/soaks/{soakId}/export',
    ]);
    const { requestBody, parameters } = paths['/v1/soaks'].post;
    assert.deepEqual(
      parameters.map((one: Record<string, string>) => `${one.in} ${one.name}`),
      ['header idempotency-key'],
    );
    assert.deepEqual(Object.keys(webhooks), ['scheduledSoakEnded']);
    assert.ok(Object.keys(requestBody.content).includes('application/yaml'));
    assert.ok('matrix' in requestBody.content['application/json'].schema.properties);
  });

  it('takes a soak as JSON or YAML, fills in defaults and queues its runs', async () => {
    const json = await submitted();
    assert.equal(json.spec.workload.echoTimeoutMs, 5000);
    assert.equal(Value.Check(Soak, json), true);
    const yaml = await postYaml(
      'name: from yaml\nmatrix: {notifier: [iocp, event], sessions: [10]}\n' +
        'workload: {ratePerSecond: 100}\nphases: {measureSeconds: 0.05, rampUpSeconds: 0, ' +
        'warmUpSeconds: 0, drainSeconds: 0}\nrepeats: 2\n',
    );
    assert.equal(yaml.statusCode, 201, yaml.body);
    const soak = yaml.json<Soak>();
    assert.equal(yaml.headers.location, `/v1/soaks/${soak.soakId}`);
    assert.deepEqual(
      soak.runs.map(({ cell, repeat }) => `${cell.notifier} ${repeat}`),
      ['iocp 1', 'event 1', 'iocp 2', 'event 2'],
    );
    await done(json.soakId);
    await done(soak.soakId);
  });

  it('tells all problems of a spec at once, each with its field and what is valid', async () => {
    const before = await stored();
    const answer = await post({
      ...submittedSpec(),
      zork: 1,
      matrix: { notifier: ['iocp', 'ioocp'], sessions: [0] },
      workload: { pacing: 'closed', ratePerSecond: 5, minFrameBytes: 300, nope: true },
      thresholds: ['echo.latency.p99 < 50ms', 'echo.p99 < 50ms'],
    });
    assert.equal(answer.statusCode, 400);
    assert.match(String(answer.headers['content-type']), PROBLEM);
    const body = answer.json();
    assert.deepEqual(pointers(body), [
      '/zork',
      '/matrix/notifier/1',
      '/matrix/sessions/0',
      '/workload/nope',
      '/workload/ratePerSecond',
      '/workload/minFrameBytes',
      '/thresholds/1',
    ]);
    const details = body.errors.map(({ detail }: { detail: string }) => detail);
    assert.match(details[0], /unknown property "zork"; valid: name, description, matrix/);
    assert.match(details[1], /^must be one of iocp, completion-routine, event, select/);
    assert.match(details[3], /valid: protocol, minFrameBytes, maxFrameBytes, pacing/);
    assert.equal(await stored(), before);
  });

  it('names line and column of a YAML syntax error', async () => {
    const answer = await postYaml('name: "x\nmatrix: [1, 2\n');
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json().errors[0].detail, /^line \d+, column \d+: /);
  });

  for (const [name, payload, type] of [
    ['broken JSON', '{"name": ', 'application/json'],
    ['no body', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a list', '[1]', 'application/yaml'],
    ['a loop of aliases', 'a: &a [*a, *b]', 'application/yaml'],
    ['an unknown type', 'x', 'text/plain'],
    ['too much', `"${'x'.repeat(300_000)}"`, 'application/json'],
  ] as const) {
    it(`refuses ${name} as a problem and stores nothing`, async () => {
      const before = await stored();
      const answer = await call('POST', '/v1/soaks', {
        payload,
        headers: { 'content-type': type },
      });
      assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, answer.body);
      assert.match(String(answer.headers['content-type']), PROBLEM);
      assert.equal(await stored(), before);
    });
  }

  it('refuses a cell that no live agent can run, with the capabilities of all', async () => {
    const before = await stored();
    const answer = await post({
      ...submittedSpec(),
      matrix: { notifier: ['iocp', 'completion-routine'], sessions: [10, 20] },
    });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(pointers(answer.json()), ['/matrix/notifier/1']);
    const [{ detail }] = answer.json().errors;
    assert.match(detail, /completion-routine × homo: no live agents can run it/);
    assert.match(detail, /agent-a \(live; 1 slot; notifiers: iocp, completion-routine does not/);
    assert.match(detail, /agent-b/);
    for (const more of [
      { fault: { dropEvery: 5 } },
      { fleet: { agents: 2 } },
      { placement: { server: { os: 'windows' } } },
    ]) {
      const refused = await post({ ...submittedSpec(), ...more });
      assert.equal(refused.statusCode, 422, JSON.stringify(more));
    }
    assert.equal(await stored(), before);
  });

  it('runs a soak of a target and shows its cells without a server', async () => {
    const soak = await submitted({
      ...submittedSpec(),
      matrix: { sessions: [10] },
      target: TARGET,
    });
    assert.equal(Value.Check(Soak, soak), true);
    const ended = await done(soak.soakId);
    assert.equal(ended.verdict, 'passed');
    assert.deepEqual(ended.runs[0]?.cell, { notifier: null, layout: null, sessions: 10 });
    const run = (await call('GET', `/v1/runs/${soak.runs[0]?.runId}`)).json();
    assert.equal(run.result.server, null);
    const url = `/v1/soaks/${soak.soakId}/comparison`;
    const comparison = (await call('GET', url)).json<Comparison>();
    assert.equal(Value.Check(Comparison, comparison), true);
    assert.equal(comparison.cells[0]?.key, 'target.10');
    assert.equal(comparison.cells[0]?.echoes, 1000);
    assert.match((await call('GET', `${url}?format=csv`)).body, /\ns[^,]*,made,target\.10,,,10,/);
  });

  it('refuses a run that would last longer than the setting allows', async () => {
    const before = await stored();
    const day = 86_400;
    const phases = { rampUpSeconds: 3600, warmUpSeconds: day, measureSeconds: 30 * day };
    const drain = { drainSeconds: 3600 };
    const answer = await post({ ...submittedSpec(), phases: { ...phases, ...drain } });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(answer.json().errors, [
      {
        pointer: '/phases',
        detail:
          'add up to 2685600 s a run; at most 2678400 s: ' +
          'OVERSOAK_MAX_RUN_SECONDS of the control plane',
      },
    ]);
    assert.equal(await stored(), before);
  });

  it('refuses a target that no agent allows, by name', async () => {
    const before = await stored();
    const target = { ...TARGET, host: '192.168.7.7' };
    const answer = await post({ ...submittedSpec(), matrix: { sessions: [10] }, target });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(pointers(answer.json()), ['/target']);
    const [{ detail }] = answer.json().errors;
    assert.match(
      detail,
      /192\.168\.7\.7:7000 is not among the targets \(OVERSOAK_TARGETS\) of agent-a, agent-b;/,
    );
    assert.equal(await stored(), before);
  });

  it('lists soaks newest first, page by page', async () => {
    const made = [];
    for (let count = 0; count < 3; count++) made.push((await submitted()).soakId);
    const first = (await call('GET', '/v1/soaks?limit=2')).json();
    assert.deepEqual(
      first.soaks.map(({ soakId }: Soak) => soakId),
      [made[2], made[1]],
    );
    const second = (await call('GET', `/v1/soaks?limit=1&cursor=${first.nextCursor}`)).json();
    assert.equal(second.soaks[0].soakId, made[0]);
    for (const query of ['limit=0', 'limit=x', 'limt=5']) {
      const refused = await call('GET', `/v1/soaks?${query}`);
      assert.equal(refused.statusCode, 400, query);
    }
    assert.match((await call('GET', '/v1/soaks?limt=5')).body, /valid: limit, cursor/);
    for (const soakId of made) await done(soakId);
  });

  it('answers runs with their results, samples and a comparison as JSON and CSV', async () => {
    const { soakId, runs } = await submitted({ ...submittedSpec(), repeats: 2 });
    const early = (await call('GET', `/v1/soaks/${soakId}/comparison`)).json<Comparison>();
    assert.equal(early.complete, false);
    assert.equal((await done(soakId)).verdict, 'passed');

    const run = (await call('GET', `/v1/runs/${runs[0]?.runId}`)).json();
    assert.equal(run.judgement.verdict, 'passed');
    assert.equal(run.result.server.role, 'server');
    assert.deepEqual(Object.keys(run.result.fleets), ['agent-b']);

    const page = (await call('GET', `/v1/runs/${runs[0]?.runId}/samples?limit=1`)).json();
    assert.equal(page.samples.length, 1);
    const next = `/v1/runs/${runs[0]?.runId}/samples?cursor=${page.nextCursor}`;
    assert.equal((await call('GET', next)).json().samples.length, 1);

    const url = `/v1/soaks/${soakId}/comparison`;
    const comparison = (await call('GET', url)).json<Comparison>();
    assert.equal(Value.Check(Comparison, comparison), true);
    assert.equal(comparison.cells[0]?.echoes, 2000);
    const csv = await call('GET', url, { headers: { accept: 'text/csv' } });
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    assert.match(csv.body, /^soakId,name,key,notifier/);
    assert.equal((await call('GET', `${url}?format=csv`)).body, csv.body);
    assert.equal((await call('GET', `${url}?format=xml`)).statusCode, 400);
  });

  it('streams a run from its start, or on from an event, and ends behind done', async () => {
    const { soakId, runs } = await submitted();
    const url = `/v1/runs/${runs[0]?.runId}/events`;
    const stream = await call('GET', url);
    await done(soakId);
    assert.equal(stream.headers['content-type'], 'text/event-stream');
    const messages = stream.body.split('\n\n').filter((text) => text.startsWith('id: '));
    const kinds = messages.map((text) => /^event: (.*)$/m.exec(text)?.[1]);
    assert.equal(kinds.filter((kind) => kind === 'sample').length, 2);
    assert.match(messages[0] ?? '', /"state":"queued"/);
    assert.match(messages.at(-1) ?? '', /"state":"done".*"verdict":"passed"/);
    const at = messages[2] ?? '';
    const id = /^id: (.*)$/m.exec(at)?.[1] ?? '';
    const again = await call('GET', url, { headers: { 'last-event-id': id } });
    assert.equal(again.body, `${messages.slice(3).join('\n\n')}\n\n`);
    const wrong = await call('GET', url, { headers: { 'last-event-id': 'x' } });
    assert.equal(wrong.statusCode, 400);
    assert.equal((await call('GET', '/v1/runs/none/events')).statusCode, 404);
  });

  it('ends a stream whose caller goes away without reading', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const { soakId, runs } = await submitted({ ...submittedSpec(), phases: long });
    const [runId = ''] = runs.map((run) => run.runId);
    const fields = await until('there is a sample', async () => {
      const [entry] = await redis.xrange(samplesKey(runId), '-', '+', 'COUNT', 1);
      return entry?.[1] ?? null;
    });
    const filling = redis.pipeline();
    for (let count = 0; count < 5000; count++) filling.xadd(samplesKey(runId), '*', ...fields);
    await filling.exec();
    const connections = async () => String(await redis.client('LIST')).split('\n').length;
    const before = await connections();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const head = `GET /v1/runs/${runId}/events HTTP/1.1\r\nhost: x\r\n`;
    socket.write(`${head}authorization: ${authorization}\r\n\r\n`);
    await once(socket, 'readable');
    await until('it has a connection to Redis', async () => (await connections()) > before);
    socket.destroy();
    await until('it has none', async () => (await connections()) === before);
    await call('DELETE', `/v1/soaks/${soakId}`);
    await done(soakId);
  });

  it('cancels a soak as often as it is asked to', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const soak = await submitted({ ...submittedSpec(), phases: long, repeats: 2 });
    for (let times = 0; times < 2; times++) {
      const answer = await call('DELETE', `/v1/soaks/${soak.soakId}`);
      assert.equal(answer.statusCode, 202);
      assert.equal(answer.json().soakId, soak.soakId);
    }
    assert.equal((await done(soak.soakId)).verdict, 'cancelled');
    const after = await call('DELETE', `/v1/soaks/${soak.soakId}`);
    assert.equal(after.json().verdict, 'cancelled');
  });

  it('shows agents with their lease and slots', async () => {
    await agents[1]?.loseLease();
    const { agents: shown } = (await call('GET', '/v1/agents')).json();
    assert.deepEqual(
      shown.map(({ agentId, live, slotsUsed }: Record<string, unknown>) => [
        agentId,
        live,
        slotsUsed,
      ]),
      [
        ['agent-a', true, 0],
        ['agent-b', false, 0],
      ],
    );
  });

  it('drains an agent and lets it take runs again, and tells why a soak waits', async () => {
    const drained = await call('POST', '/v1/agents/agent-b/drain');
    assert.equal(drained.statusCode, 200);
    assert.equal(Value.Check(ListedAgent, drained.json()), true);
    const { agents: shown } = (await call('GET', '/v1/agents')).json();
    assert.deepEqual(
      shown.map(({ draining }: ListedAgent) => draining),
      [false, true],
    );
    const soak = await submitted();
    const waits = (await call('GET', `/v1/soaks/${soak.soakId}`)).json();
    assert.equal(waits.state, 'queued');
    assert.equal(waits.waiting, 'its agents are busy: agent-b (draining)');
    assert.equal((await call('DELETE', '/v1/agents/agent-b/drain')).json().draining, false);
    assert.equal((await done(soak.soakId)).waiting, null);
  });

  it('answers what is not there with a problem', async () => {
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
      const answer = await call(method, url);
      assert.equal(answer.statusCode, 404, url);
      assert.match(String(answer.headers['content-type']), PROBLEM);
      assert.equal(answer.json().status, 404);
    }
  });

  it('has answered all of this as its document says', () => {
    assert.deepEqual(faults(), []);
  });
});
