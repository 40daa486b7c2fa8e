import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { basename } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Soak } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { reach, submit, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import fc from 'fast-check';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { Value } from 'typebox/value';
import { ulid } from 'ulid';
import { assemble, emptyApp } from '../../src/app.ts';
import type { Cluster } from '../../src/routes/cluster.ts';
import { DRAINING_KEY, SOAKS_KEY } from '../../src/store/names.ts';
import type { StoredSoak } from '../../src/store/soaks.ts';
import { validateSpec } from '../../src/submit/validate.ts';
import { type Answer, Answers, learn, withoutReferences } from '../answers.ts';
import { fuzzInputs, SEED } from './inputs.ts';
import {
  changedBytes,
  type Examples,
  type FuzzedRequest,
  type OpenApi,
  requests,
  urlOf,
} from './requests.ts';
import type { Schema } from './schema-values.ts';

const TOKEN = 'a-token-of-the-tests-of-oversoak';
const REQUESTS = fuzzInputs(2000);
const RAW_REQUESTS = 400;
/** Agents are registered again and soaks cancelled after so many, for requests change both. */
const TIDY_EVERY = 100;
/** Far beyond what one takes on a machine that has other work too. */
const ANSWER_MS = 20_000;
/** Of each kind of id, the newest. */
const SHOWN = 50;

const authorization = `Bearer ${TOKEN}`;
const GUESSER = '127.0.0.2';

describe(`the API under ${REQUESTS} made requests, seed ${SEED}`, () => {
  let bench: TestCluster;
  let plane: Cluster;
  let app: FastifyInstance;
  let agents: SimulatedAgent[];
  let answers: Answers;
  let document: OpenApi;
  let examples: Examples;
  const known = new Map<string, string[]>();
  const made = new Set<string>();
  const statuses = new Map<string, Map<number, number>>();

  before(async () => {
    bench = await TestCluster.start();
    plane = await bench.plane();
    app = emptyApp(false);
    await assemble(app, { cluster: plane, token: TOKEN, rateLimitPerMinute: 10_000_000 });
    agents = await bench.agents(64);
    document = await until('the document is there', async () => {
      const answer = await app.inject('/docs/json');
      return answer.statusCode === 200 ? withoutReferences(answer.json<OpenApi>()) : null;
    });
    answers = new Answers(document);
    for (const methods of Object.values(document.paths)) {
      for (const { parameters = [] } of Object.values(methods)) {
        for (const parameter of parameters)
          if (parameter.in === 'path') known.set(parameter.name, []);
      }
    }
    // One soak that ran, so that there are results to ask for; those to come only wait.
    const { soak } = await submit(plane);
    for (const runId of soak.runIds) await reach(plane, runId, 'done');
    made.add(soak.soakId);
    // A pinned soak is not deleted, so that there are results to ask for until the end.
    const pin = { name: 'kept', soakId: soak.soakId, note: '', pinnedAtMs: 0, schedule: null };
    assert.equal(await plane.baselines.pin(pin), 'pinned');
    for (const agent of agents) agent.behaviour.start = 'silent';
    const url = `/v1/soaks/${soak.soakId}`;
    const file = (await app.inject({ url: `${url}/export`, headers: { authorization } })).body;
    learn((await app.inject({ url, headers: { authorization } })).json(), known);
    examples = {
      ofSchema: ({ properties = {} }: Schema) =>
        'matrix' in properties && 'workload' in properties ? submittedSpec() : undefined,
      ofType: {
        'application/x-ndjson': (seed) => otherFile(file, soak.soakId, seed),
        'application/gzip': (seed) => otherFile(file, soak.soakId, seed),
      },
    };
  });
  after(async () => {
    await app.close();
    await bench.clear();
    await bench.stop();
  });

  /** The same soak under another id, with a checksum that matches. */
  function otherFile(file: string, soakId: string, seed: number): Buffer {
    const id = ulid(seed).toLowerCase();
    const lines = file.replaceAll(soakId.slice('soak-'.length), id).split('\n').slice(0, -2);
    const text = `${lines.join('\n')}\n`;
    const sha256 = createHash('sha256').update(text).digest('hex');
    return Buffer.from(`${text}${JSON.stringify({ kind: 'end', sha256 })}\n`);
  }

  /** Answers that would not end while a run goes on are left after their head. */
  async function send(request: FuzzedRequest): Promise<Answer> {
    const { method, path, headers, body } = request;
    const streams =
      '200' in (answers.operation(path, method)?.responses ?? {}) && path.endsWith('/events');
    const options = {
      method,
      url: urlOf(request, known),
      headers,
      // An address that guesses tokens is refused whatever it sends.
      ...(headers.authorization === authorization ? {} : { remoteAddress: GUESSER }),
      ...(body === null ? {} : { payload: body }),
    };
    const leave = new AbortController();
    const { signal } = leave;
    const answer = (await app.inject(
      (streams ? { ...options, signal, payloadAsStream: true } : options) as never,
    )) as LightMyRequestResponse;
    const deleted = method === 'DELETE' && path === '/v1/soaks/{soakId}';
    if (deleted && answer.statusCode === 204)
      made.delete(basename(options.url.split('?')[0] ?? ''));
    const contentType = String(answer.headers['content-type'] ?? '');
    const text = async () => {
      if (!streams) return answer.body;
      const stream = answer.stream();
      if (answer.statusCode >= 400) return (await stream.setEncoding('utf8').toArray()).join('');
      stream.on('error', () => {
        // That it was left, which is what was wanted.
      });
      leave.abort();
      return '';
    };
    return { status: answer.statusCode, contentType, body: await text() };
  }

  async function tidy(): Promise<void> {
    for (const agent of agents) await agent.register();
    await bench.redis.del(DRAINING_KEY);
    for await (const stored of plane.soaks.newest(2 * TIDY_EVERY)) {
      if (stored.progress.done < stored.soak.runIds.length) await plane.cancel(stored);
    }
  }

  function note({ path, method }: FuzzedRequest, { status, contentType, body }: Answer): void {
    const route = `${method} ${path}`;
    const counts = statuses.get(route) ?? new Map<number, number>();
    counts.set(status, (counts.get(status) ?? 0) + 1);
    statuses.set(route, counts);
    if (method === 'HEAD' || status >= 300 || !/^application\/json\b/.test(contentType)) return;
    const value = JSON.parse(body) as { soakId?: string };
    learn(value, known);
    if (status === 201 && value.soakId !== undefined && path.startsWith('/v1/soaks'))
      made.add(value.soakId);
  }

  it('responds to each as the OpenAPI document says, and never fails', {
    timeout: 300_000,
  }, async (t) => {
    let count = 0;
    const property = fc.asyncProperty(
      requests(document, authorization, examples),
      async (request) => {
        if (++count % TIDY_EVERY === 0) await tidy();
        const answer = await inTime(send(request));
        const fault = answers.fault(request.path, request.method, answer);
        assert.equal(fault, null, `${fault}: ${answer.body.slice(0, 500)}`);

        note(request, answer);
      },
    );
    await fc.assert(property, { numRuns: REQUESTS, seed: SEED, includeErrorInReport: true });
    await tidy();
    for (const [route, counts] of statuses) {
      t.diagnostic(
        `${route}: ${[...counts]
          .sort()
          .map(([status, n]) => `${n} × ${status}`)
          .join(', ')}`,
      );
    }
    // Requests that end at the door would find nothing. By chance these fail once in thousands of runs.
    const submitted = statuses.get('POST /v1/soaks') ?? new Map<number, number>();
    const total = [...submitted.values()].reduce((sum, n) => sum + n, 0);
    assert.ok((submitted.get(201) ?? 0) + (submitted.get(422) ?? 0) > total / 10);
    assert.ok((statuses.get('POST /v1/soaks/import')?.get(201) ?? 0) > 0);
  });

  it('survives bytes that are not HTTP', { timeout: 120_000 }, async () => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as { port: number };
    const heads = [
      'GET /v1/soaks HTTP/1.1',
      'POST /v1/soaks HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 20',
      'POST /v1/soaks/import HTTP/1.1\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked',
      'GET /v1/soaks HTTP/9.9',
      'FOO /v1/soaks HTTP/1.1',
      'GET /v1/soaks HTTP/1.1\r\nexpect: 100-continue\r\nupgrade: websocket\r\nconnection: upgrade',
      `GET /${'x'.repeat(20_000)} HTTP/1.1`,
      'CONNECT x:1 HTTP/1.1',
    ];
    const text = fc
      .tuple(
        fc.constantFrom(...heads),
        fc.constantFrom('', '{}', '5\r\n{}{}{\r\n', 'ffffffffffff\r\n', '0\r\n\r\n'),
      )
      .map(([head, body]) =>
        Buffer.from(
          `${head}\r\nhost: x\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n${body}`,
        ),
      );
    const property = fc.asyncProperty(fc.oneof(text, changedBytes(text, 4)), async (bytes) => {
      const answer = await raw(port, bytes);
      if (answer === '') return;
      const [, status = ''] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
      assert.match(status, /^[1234]\d\d$/, answer.slice(0, 300));
      const [head = '', body] = answer.split('\r\n\r\n');
      // Node.js itself refuses what has no host or expects the unknown, by the status alone.
      if (!status.startsWith('4') || body === '' || body === '0') return;
      assert.match(head, /content-type: application\/problem\+json/i);
    });
    await fc.assert(property, { numRuns: RAW_REQUESTS, seed: SEED, includeErrorInReport: true });
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  });

  /** Every id that an answer contained, by what it identifies. */
  async function shownAsDeclared(): Promise<void> {
    for (const [path, { get }] of Object.entries(document.paths)) {
      const [parameter, ...more] = (get?.parameters ?? []).filter((one) => one.in === 'path');
      if (get === undefined || parameter === undefined || more.length > 0) continue;
      if (path.endsWith('/events')) continue;
      for (const value of known.get(parameter.name)?.slice(-SHOWN) ?? []) {
        const values: FuzzedRequest['values'] = {
          [parameter.name]: { text: encodeURIComponent(value) },
        };
        const headers = { authorization };
        const request: FuzzedRequest = {
          method: 'GET',
          path,
          values,
          query: '',
          headers,
          body: null,
        };
        assert.equal(answers.fault(path, 'GET', await send(request)), null, `${path}: ${value}`);
      }
    }
  }

  it('has stored what it confirmed with 201, and nothing invalid', async () => {
    const stored = await until('every soak is done', async () => {
      const all: StoredSoak[] = [];
      for await (const one of plane.soaks.newest()) all.push(one);
      const done = all.every(({ soak, progress }) => progress.done === soak.runIds.length);
      return done ? all.map(({ soak }) => soak) : null;
    });
    const byRequest = stored.filter(({ origin }) => origin.kind !== 'schedule');
    assert.deepEqual(byRequest.map(({ soakId }) => soakId).sort(), [...made].sort());
    const ids = new Set<string>();
    for (const { soakId, spec, runIds } of stored) {
      assert.deepEqual(validateSpec(spec), { spec });
      const { body } = await app.inject({ url: `/v1/soaks/${soakId}`, headers: { authorization } });
      assert.equal(Value.Check(Soak, JSON.parse(body)), true, soakId);
      for (const id of [soakId, ...runIds]) ids.add(id);
    }
    assert.equal(await bench.redis.zcard(SOAKS_KEY), stored.length);
    await shownAsDeclared();
    for (const key of await bench.redis.keys('*')) {
      const [, id = ''] = /^oversoak:(?:soak|run):([^:]+)/.exec(key) ?? [];
      if (id !== '' && id !== 'runs') assert.ok(ids.has(id), `"${key}" belongs to nothing`);
      assert.match(key, /^oversoak/);
      assert.doesNotMatch(key, /^oversoak:import:/);
    }
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

/** An answer that does not come is found like a wrong one. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = delay(ANSWER_MS, null, { signal: stop.signal }).then(() => {
    throw new Error(`no answer within ${ANSWER_MS} ms`);
  });
  // Its end is only of interest while the answer is not there.
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop.abort();
  }
}

/** Everything that comes back for these bytes until the connection ends. */
async function raw(port: number, bytes: Buffer): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: GUESSER });
  socket.setTimeout(1000, () => socket.destroy());
  let answer = '';
  socket.setEncoding('latin1').on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => {
    // Reset by a server that had read enough.
  });
  socket.end(bytes);
  await once(socket, 'close');
  return answer;
}
