// The telemetry of agents that joined, by the exporters that they have, to a receiver that only the
// control plane knows.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  type AuditEntry,
  BOUNDS,
  type Enrolment,
  type JoinAnswer,
  type JoinToken,
  OTLP_PATH,
} from '@oversoak/contracts';
import { openRelay, startTelemetry } from '@oversoak/telemetry';
import { type Receiver, startReceiver } from '@oversoak/testing/otlp/index';
import { until } from '@oversoak/testing/waiting/until';
import { ENROLMENTS_KEY } from '../../src/store/names.ts';
import { ApiBench, PROBLEM, TOKEN } from '../api-bench.ts';

const PROTOBUF = 'application/x-protobuf';
/** Each refusal comes from an address of its own, whose guesses are not yet counted. */
let addresses = 0;
function newAddress(): string {
  addresses += 1;
  return `127.1.0.${addresses}`;
}

describe('the telemetry of agents that joined', () => {
  let receiver: Receiver;
  let bench: ApiBench;
  let url: string;
  before(async () => {
    receiver = await startReceiver();
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
    const relay = await openRelay();
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    bench = await ApiBench.start(relay);
    url = await bench.app.listen({ host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await bench.stop();
    await receiver.close();
  });
  beforeEach(() => {
    receiver.answer = 200;
  });

  async function joined(made: Promise<{ json(): unknown }>): Promise<JoinAnswer> {
    const { token } = (await made).json() as JoinToken;
    const exchange = { payload: { token }, headers: { authorization: '' } };
    const answer = await bench.call('POST', '/v1/enrolments/join', exchange);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }
  const enrolled = (agentId: string) => {
    const payload = { agentId, address: '127.0.0.1' };
    return joined(bench.call('POST', '/v1/enrolments', { payload }));
  };
  const tokenOf = ({ telemetry }: JoinAnswer) => telemetry?.token ?? assert.fail('no telemetry');

  interface Sent {
    signal?: string;
    body?: Buffer;
    headers?: Record<string, string>;
    from?: string;
  }
  const send = (token: string | null, sent: Sent = {}) =>
    bench.app.inject({
      method: 'POST',
      url: `/${OTLP_PATH}v1/${sent.signal ?? 'traces'}`,
      payload: sent.body ?? Buffer.alloc(0),
      remoteAddress: sent.from ?? newAddress(),
      headers: {
        'content-type': PROTOBUF,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...sent.headers,
      },
    });
  const statusOf = async (...args: Parameters<typeof send>) => (await send(...args)).statusCode;

  it('is passed on as the exporters of an agent send it', async () => {
    const { telemetry: given = assert.fail('no telemetry') } = await enrolled('sends');
    assert.deepEqual(given.signals, ['traces', 'metrics']);
    const telemetry = await startTelemetry({
      ...{ name: 'oversoak-agent', version: '1.2.3', instanceId: 'sends' },
      warn: assert.fail,
      receiver: { url: `${url}/${OTLP_PATH}`, ...given },
    });
    telemetry.begin('job.process', { startMs: 0 }).end({ endMs: 1, attributes: {} });
    await telemetry.flush();
    await telemetry.close();
    const of = ({ resource }: { resource: Record<string, unknown> }) =>
      resource['service.instance.id'];
    assert.ok(receiver.spans.some((span) => of(span) === 'sends'));
    assert.ok(receiver.points.some((point) => point.metric === 'oversoak.telemetry.dropped'));
    assert.deepEqual(receiver.faults, []);
  });

  it('is taken with the token of an identity, and nothing reaches the receiver without', async () => {
    const identity = await enrolled('asked');
    const token = tokenOf(identity);
    const before = receiver.requests;
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      ...[null, 'x', TOKEN, identity.redis.password, `${token.slice(0, -1)}${last}`],
      token.replace('ost_asked_', 'ost_nobody_'),
      token.replace('ost_', 'osj_'),
    ]) {
      const refused = await send(wrong);
      assert.equal(refused.statusCode, 401, String(wrong));
      assert.match(String(refused.headers['content-type']), PROBLEM);
      assert.match(String(refused.headers['www-authenticate']), /^Bearer /);
    }
    assert.equal(receiver.requests, before);
    const accepted = await send(token);
    assert.deepEqual([accepted.statusCode, accepted.rawPayload.length], [200, 0]);
    assert.equal(accepted.headers['content-type'], PROTOBUF);
    assert.equal(receiver.requests, before + 1);
  });

  it('ends with the identity: when it is rotated, and when it is revoked', async () => {
    const first = tokenOf(await enrolled('rotated'));
    const rotation = bench.call('POST', '/v1/enrolments/rotated/rotate');
    const link = (await rotation).json();
    assert.equal(await statusOf(first), 200, 'until the link is used');
    const second = tokenOf(await joined(Promise.resolve({ json: () => link })));
    assert.deepEqual([await statusOf(first), await statusOf(second)], [401, 200]);
    await bench.call('DELETE', '/v1/enrolments/rotated');
    assert.equal(await statusOf(second), 401);
  });

  it('has a token that is in one answer, stored as a hash, and in no list or audit', async () => {
    const token = tokenOf(await enrolled('hidden'));
    const secret = token.slice('ost_hidden_'.length);
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    const forged = secret.startsWith('A') ? 'B' : 'A';
    await send(`ost_hidden_${forged}${secret.slice(1)}`);
    const stored = await bench.redis.hget(ENROLMENTS_KEY, 'hidden');
    assert.match(stored ?? '', /"telemetrySha256":"[0-9a-f]{64}"/);
    const list = await bench.call('GET', '/v1/enrolments');
    const own = list.json<{ enrolments: Enrolment[] }>().enrolments;
    const fields = Object.keys(own.find(({ agentId }) => agentId === 'hidden') ?? {}).sort();
    const shown = ['address', 'agentId', 'generation', 'joinedAtMs', 'labels', 'targets'];
    assert.deepEqual(fields, shown);
    const audit = await bench.call('GET', '/v1/audit');
    const { entries } = audit.json<{ entries: AuditEntry[] }>();
    const refusal = entries.find(({ action }) => action === `POST /${OTLP_PATH}v1/traces`);
    assert.deepEqual([refusal?.who, refusal?.outcome], [null, '401']);
    for (const text of [stored, list.body, audit.body]) assert.ok(!text?.includes(secret.slice(1)));
  });

  it('is refused by its size, its encoding and its type, and none of it is passed on', async () => {
    const token = tokenOf(await enrolled('wrong'));
    const before = receiver.requests;
    const small = Buffer.alloc(100);
    const large = Buffer.alloc(BOUNDS.telemetry.bytes + 1);
    const gzip = { 'content-encoding': 'gzip' };
    assert.equal(await statusOf(token, { body: large }), 413);
    assert.equal(await statusOf(token, { body: gzipSync(large), headers: gzip }), 415);
    const json = { 'content-type': 'application/json' };
    assert.equal(await statusOf(token, { body: Buffer.from('{}'), headers: json }), 415);
    assert.equal(receiver.requests, before);
    const whole = { body: large.subarray(1), headers: { 'content-encoding': 'identity' } };
    receiver.answer = 400;
    assert.equal(
      await statusOf(token, whole),
      400,
      'it reaches the receiver, which cannot read it',
    );
    assert.equal(receiver.requests, before + 1);
    receiver.answer = 401;
    const refused = await send(token, { body: small });
    assert.equal(refused.statusCode, 503);
    assert.match(refused.json().detail, /the receiver of telemetry answered 401/);
  });

  it('is refused with 429 from an address that has guessed the token of this agent', async () => {
    const [token, neighbour] = [await enrolled('guessed'), await enrolled('beside')].map(tokenOf);
    const from = newAddress();
    const wrong = `ost_guessed_${'x'.repeat(43)}`;
    for (let guess = 0; guess < 20; guess += 1) {
      assert.equal(await statusOf(wrong, { from }), 401);
      assert.equal(await statusOf('x', { from }), 401);
    }
    assert.equal(await statusOf(token ?? '', { from }), 429);
    assert.equal(await statusOf('x', { from }), 429);
    assert.equal(await statusOf(neighbour ?? '', { from }), 200);
    assert.equal(await statusOf(token ?? ''), 200);
  });

  it('makes room again when its sender goes away', async () => {
    const token = tokenOf(await enrolled('leaves'));
    const { port } = new URL(url);
    const head = [
      `POST /${OTLP_PATH}v1/traces HTTP/1.1`,
      'host: x',
      `authorization: Bearer ${token}`,
      `content-type: ${PROTOBUF}`,
      'content-length: 1000',
      'expect: 100-continue',
    ];
    const sockets = await Promise.all(
      Array.from({ length: BOUNDS.telemetry.perAgent }, async () => {
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(`${head.join('\r\n')}\r\n\r\n`),
        );
        const [answer] = await once(socket, 'data');
        assert.match(String(answer), /^HTTP\/1\.1 100 /);
        socket.write('begun');
        return socket;
      }),
    );
    await until('its deliveries are under way', async () => (await statusOf(token)) === 503);
    for (const socket of sockets) socket.destroy();
    await until('there is room', async () => (await statusOf(token)) === 200);
  });
});

describe('a control plane without a receiver', () => {
  let bench: ApiBench;
  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  it('gives no token to agents that join', async () => {
    const payload = { agentId: 'silent', address: '127.0.0.1' };
    const { token } = (await bench.call('POST', '/v1/enrolments', { payload })).json();
    const answer = await bench.call('POST', '/v1/enrolments/join', { payload: { token } });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.json<JoinAnswer>().telemetry, undefined);
  });
});
