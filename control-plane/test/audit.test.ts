import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { type AuditEntry, reportsKey } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { TestApi } from '@oversoak/testing/control-plane/test-api';
import { RedisServer } from '@oversoak/testing/redis/redis-server';
import { until } from '@oversoak/testing/waiting/until';
import { Redis } from 'ioredis';
import { Audit, pageOf } from '../src/store/audit.ts';

test('a page ends between two moments, and the next one begins behind it', () => {
  const found = ['3-0', '2-0', '2-0', '1-0'].map((id): [string, AuditEntry] => [
    id,
    { ...{ who: null, from: null, action: 'x', subject: null, outcome: '200' }, atMs: 0 },
  ]);
  const ids = (limit: number) => pageOf(found, limit).map(([id]) => id);
  assert.deepEqual(
    [1, 2, 3, 9].map((limit) => ids(limit).length),
    [1, 3, 3, 4],
  );
});

describe('the audit', () => {
  let server: RedisServer;
  let api: TestApi;
  let redis: Redis;
  before(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    api = await TestApi.start(server.url);
  });
  after(async () => {
    redis.disconnect();
    await api.close();
    await server.stop();
  });

  const page = async (query = '') =>
    (await api.call('GET', `/v1/audit${query}`)).json<{
      entries: AuditEntry[];
      nextCursor: string | null;
    }>();
  /** What came since so many entries were there, oldest first. */
  const since = (count: number, wanted: number) =>
    until(`${wanted} more entries`, async () => {
      const { entries } = await page('?limit=100');
      const fresh = entries.slice(0, entries.length - count).reverse();
      return fresh.length >= wanted ? fresh : null;
    });

  it('has every change with who, from where, what and outcome, and nothing that was sent', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const webhook = { url: 'https://hooks.example/x', secret };
    const payload = { cron: '0 3 * * *', spec: submittedSpec(), webhook };
    await api.call('PUT', '/v1/schedules/nightly', { payload });
    await api.call('PUT', '/v1/schedules/nightly', { payload: { cron: 'x' } });
    await api.call('GET', '/v1/schedules/nightly');
    const headers = { authorization: 'Bearer osk_guessguess_secretsecret' };
    await api.call('GET', '/v1/soaks', { headers });
    const entries = await since(0, 3);
    const said = entries.map(({ who, from, action, subject, outcome }) =>
      [who, from, action, subject, outcome].join(' | '),
    );
    const admin = 'OVERSOAK_TOKEN (bootstrap) | 127.0.0.1';
    assert.deepEqual(said, [
      `${admin} | PUT /v1/schedules/:name | nightly | 201`,
      `${admin} | PUT /v1/schedules/:name | nightly | 400`,
      ' | 127.0.0.1 | GET /v1/soaks |  | 401',
    ]);
    assert.ok(entries.every(({ atMs }) => Math.abs(Date.now() - atMs) < 60_000));
    const stored = JSON.stringify(await redis.xrange('oversoak:audit', '-', '+'));
    assert.doesNotMatch(stored, /whsec|MfKQ9|hooks\.example|secretsecret|workload/);
  });

  it('has plans not at all, and no refusal among the changes', async () => {
    const count = (await page('?limit=100')).entries.length;
    const changes = await redis.xlen('oversoak:audit');
    await api.call('POST', '/v1/soaks/plan', { payload: submittedSpec() });
    await api.call('POST', '/v1/soaks/plan', { payload: {} });
    await api.call('POST', '/v1/soaks', { payload: {} });
    await api.call('DELETE', '/v1/soaks/none');
    const said = (await since(count, 2)).map(({ action, outcome }) => `${action} ${outcome}`);
    assert.deepEqual(said, ['POST /v1/soaks 400', 'DELETE /v1/soaks/:soakId 404']);
    assert.equal(await redis.xlen('oversoak:audit'), changes);
  });

  it('comes in pages, the newest first', async () => {
    const all = (await page('?limit=100')).entries;
    const first = await page('?limit=2');
    const second = await page(`?limit=2&cursor=${first.nextCursor}`);
    assert.deepEqual([...first.entries, ...second.entries], all.slice(0, 4));
    const outcomes = new Set(all.map(({ outcome }) => outcome));
    assert.ok(outcomes.has('401') && outcomes.has('201'), 'refusals and changes are one list');
    assert.equal((await api.call('GET', '/v1/audit?cursor=x')).statusCode, 400);
  });

  it('is kept 400 days, and a flood of refusals leaves it readable', async () => {
    const audit = new Audit(redis, silentLog);
    const event = { who: 'a', from: null, action: 'report', subject: null, outcome: 'refused' };
    await redis.del('oversoak:audit');
    // Whole nodes of the stream are trimmed, of a hundred entries each.
    for (let at = 0; at < 250; at += 1)
      await redis.xadd('oversoak:audit', `${1 + at}-1`, 'event', '{}');
    await audit.note(event);
    assert.ok((await redis.xlen('oversoak:audit')) < 100);
    const refusals = 'oversoak:audit-refusals';
    const addedBy = async (floods: (at: number) => Partial<AuditEntry>) => {
      const before = await redis.xlen(refusals);
      for (let at = 0; at < 500; at += 1) await audit.noteRefused({ ...event, ...floods(at) });
      return (await redis.xlen(refusals)) - before;
    };
    const changes = await redis.xlen('oversoak:audit');
    assert.equal(await addedBy((at) => ({ subject: `run-${at}` })), 30);
    assert.equal(await addedBy((at) => ({ who: null, from: `2001:db8::${at.toString(16)}` })), 30);
    // Whoever has many networks makes it forget refusals, and no change.
    assert.equal(await addedBy((at) => ({ from: `2001:db8:1:${at.toString(16)}::1` })), 500);
    assert.equal(await redis.xlen('oversoak:audit'), changes);
    await redis.del(refusals);
    await audit.note({ ...event, who: `x\u001b[2J${'y'.repeat(9999)}` });
    const [newest] = (await audit.list(null, 1)).entries;
    assert.match(String(newest?.who), /^x\ufffd\[2Jy+$/);
    assert.equal(newest?.who?.length, 200);
  });

  it('has the reports of agents that were refused', async () => {
    const count = (await page('?limit=100')).entries.length;
    const agent = await SimulatedAgent.start(server.url, 'agent-ghost');
    const { registration } = agent;
    const report = { kind: 'failed', runId: 'run-none-0', epoch: 1, atMs: 1, reason: 'forged' };
    const text = JSON.stringify({ ...report, agentId: registration.agentId, role: 'fleet' });
    await redis.xadd(reportsKey(registration.agentId), '*', 'report', text);
    const [entry] = await since(count, 1);
    assert.equal(entry?.who, 'agent-ghost');
    assert.equal(entry?.action, 'report failed');
    assert.equal(entry?.subject, 'run-none-0');
    assert.equal(entry?.outcome, 'refused: unknown-run');
    assert.doesNotMatch(JSON.stringify(entry), /forged/);
    await agent.stop();
  });
});
