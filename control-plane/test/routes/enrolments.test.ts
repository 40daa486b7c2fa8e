import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentIdentity,
  type AuditEntry,
  agentQueue,
  type JoinToken,
  type ListedAgent,
  leaseKey,
  QUEUE_PREFIX,
  registrationKey,
  reportsKey,
} from '@oversoak/contracts';
import { registration } from '@oversoak/testing/builders/made-agents';
import { until } from '@oversoak/testing/waiting/until';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { AgentUsers } from '../../src/store/agent-users.ts';
import { Enrolments } from '../../src/store/enrolments.ts';
import { ENROLMENTS_KEY, joinKey } from '../../src/store/names.ts';
import { ApiBench, PROBLEM, pointers } from '../api-bench.ts';

const WIN = {
  agentId: 'win-1',
  address: '127.0.0.7',
  labels: { rack: 'a' },
  targets: ['10.0.0.0/8:7000'],
};

describe('the enrolment of agents', () => {
  let bench: ApiBench;
  const opened: Redis[] = [];
  before(async () => {
    bench = await ApiBench.start();
  });
  after(async () => {
    for (const redis of opened) redis.disconnect();
    await bench.stop();
  });

  const enrol = (payload: object) => bench.call('POST', '/v1/enrolments', { payload });
  const join = (token: string, remoteAddress = '127.0.0.1') =>
    bench.app.inject({
      ...{ method: 'POST', url: '/v1/enrolments/join', payload: { token } },
      remoteAddress,
    });
  async function joined(payload: object = WIN): Promise<AgentIdentity> {
    const made = await enrol(payload);
    assert.equal(made.statusCode, 201, made.body);
    const answer = await join(made.json<JoinToken>().token);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  }

  /** A connection with the rights of an identity; its errors are the test's business. */
  function as({ redis: { url, user: username, password } }: AgentIdentity): Redis {
    const options = { username, password, maxRetriesPerRequest: null, disableClientInfo: true };
    const redis = new Redis(url, { ...options, retryStrategy: () => null });
    redis.on('error', () => undefined);
    opened.push(redis);
    return redis;
  }

  it('gives a machine an identity for a token, once, and stores no secret', async () => {
    const made = await enrol(WIN);
    assert.equal(made.statusCode, 201);
    assert.equal(made.headers['cache-control'], 'no-store');
    const { token, expiresAtMs } = made.json<JoinToken>();
    assert.match(token, /^osj_win-1_[A-Za-z0-9_-]{43}$/);
    const leftMs = await bench.redis.pttl(joinKey('win-1'));
    assert.ok(leftMs > 14 * 60_000 && leftMs <= 15 * 60_000);
    assert.ok(Math.abs(expiresAtMs - Date.now() - leftMs) < 60_000);
    const stored = await bench.redis.get(joinKey('win-1'));
    assert.ok(!stored?.includes(token.slice('osj_win-1_'.length)));

    const answer = await join(token);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const { redis, jobKey: _, ...known } = answer.json<AgentIdentity>();
    assert.deepEqual(known, { ...WIN, generation: 1 });
    assert.equal(redis.user, 'oversoak-agent-win-1.1');
    assert.ok(!JSON.stringify(await bench.redis.hgetall(ENROLMENTS_KEY)).includes(redis.password));
    assert.equal((await join(token)).statusCode, 401);
    const listed = await bench.call('GET', '/v1/enrolments');
    assert.ok(!listed.body.includes('sha256'));
    const [first] = listed.json().enrolments;
    assert.deepEqual(first, { ...known, joinedAtMs: first.joinedAtMs });
    assert.equal((await enrol(WIN)).statusCode, 409);
  });

  it('refuses what cannot be enrolled, by field', async () => {
    const bad = { agentId: 'No', address: 'localhost', targets: ['everywhere'], more: 1 };
    const answer = await enrol(bad);
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(pointers(answer.json()).sort(), [
      '/address',
      '/agentId',
      '/more',
      '/targets/0',
    ]);
    // No spec could ask for it.
    const named = await enrol({ ...WIN, agentId: 'named', labels: { 'Rack One': 'a' } });
    assert.deepEqual(pointers(named.json()), ['/labels/Rack One']);
    const port = await enrol({
      ...WIN,
      agentId: 'port',
      address: '1.2.3',
      targets: ['10.0.0.1', '10.0.0.1:0'],
    });
    assert.deepEqual(pointers(port.json()), ['/targets/1', '/address']);
    const far = await enrol({ agentId: 'far', address: '10.0.0.7' });
    assert.equal(far.statusCode, 409);
    assert.match(far.json().detail, /Redis is at 127\.0\.0\.1 .*OVERSOAK_AGENTS_REDIS_URL/);
  });

  it('refuses a token that is wrong, of another agent, or replaced', async () => {
    const one = (await enrol({ ...WIN, agentId: 'one' })).json<JoinToken>().token;
    const two = (await enrol({ ...WIN, agentId: 'two' })).json<JoinToken>().token;
    const crossed = two.replace('osj_two', 'osj_one');
    const newer = (await enrol({ ...WIN, agentId: 'one' })).json<JoinToken>().token;
    for (const token of ['', 'osj_one_x', crossed, one, 'osk_0123456789_secret']) {
      const answer = await join(token);
      assert.equal(answer.statusCode, 401, token);
      assert.match(String(answer.headers['content-type']), PROBLEM);
    }
    assert.equal((await join(newer)).statusCode, 200);
    assert.equal((await join(two)).statusCode, 200);
  });

  it('takes of two exchanges of one token a single one', async () => {
    const { token } = (await enrol({ ...WIN, agentId: 'raced' })).json<JoinToken>();
    const answers = await Promise.all([1, 2, 3, 4].map(() => join(token)));
    assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 1);
  });

  it('limits wrong tokens of an address before it looks at them, and notes them', async () => {
    const from = '192.0.2.9';
    const statuses: number[] = [];
    for (let count = 0; count < 22; count += 1) {
      statuses.push((await join('osj_none_x', from)).statusCode);
    }
    assert.deepEqual(statuses.slice(0, 20), Array(20).fill(401));
    assert.deepEqual(statuses.slice(20), [429, 429]);
    assert.equal((await join('osj_none_x')).statusCode, 401);
    const { entries } = (await bench.call('GET', '/v1/audit?limit=100')).json<{
      entries: AuditEntry[];
    }>();
    const joins = entries.filter(({ action }) => action === 'POST /v1/enrolments/join');
    const refused = joins.filter((one) => one.from === from);
    assert.ok(refused.length >= 20 && refused.every(({ outcome }) => outcome === '401'));
    assert.ok(joins.some(({ who, outcome }) => who === 'win-1' && outcome === '200'));
  });

  it("gives the agent's user its own keys and queue, and nothing else", async () => {
    const identity = await joined({ ...WIN, agentId: 'worker' });
    await joined({ ...WIN, agentId: 'worker-2' });
    const redis = as(identity);
    await bench.redis.acl('LOG', 'RESET');
    await redis.set(leaseKey('worker'), 'incarnation');
    await redis.xadd(reportsKey('worker'), '*', 'report', '{}');
    const seen: string[] = [];
    const worker = new Worker(
      agentQueue('worker'),
      async ({ data }) => {
        seen.push(data.kind);
        // One that fails, one that renews its lock, one that does neither.
        if (seen.length === 1) throw new Error('on purpose');
        if (seen.length === 2) await delay(1_500);
      },
      {
        ...{ connection: redis, prefix: QUEUE_PREFIX, drainDelay: 1 },
        ...{ lockDuration: 1_000, stalledInterval: 1_000 },
        removeOnComplete: { age: 60, count: 1 },
        removeOnFail: { age: 60, count: 1 },
      },
    );
    worker.on('error', (error) => seen.push(error.message));
    await worker.waitUntilReady();
    for (const _ of [1, 2, 3]) await bench.cluster.probe(['worker'], ['made']);
    await until('the jobs are taken', () => seen.length >= 3);
    await worker.close();
    assert.deepEqual(seen, ['probe', 'probe', 'probe']);
    assert.deepEqual(await bench.redis.acl('LOG'), []);

    const foreign: [string, ...string[]][] = [
      ['get', leaseKey('worker-2')],
      ['set', registrationKey('worker-2'), '{}'],
      ['xadd', reportsKey('worker-2'), '*', 'report', '{}'],
      ['lrange', `${QUEUE_PREFIX}:${agentQueue('worker-2')}:wait`, '0', '-1'],
      ['hgetall', ENROLMENTS_KEY],
      ['get', 'oversoak:signing-key'],
      ['sadd', 'oversoak:agents', 'ghost'],
      ['sadd', 'oversoak:agent:worker:reserved', 'run-1.server'],
      // What is append-only, stays so.
      ['del', reportsKey('worker')],
      ['xrange', reportsKey('worker'), '-', '+'],
      ['set', reportsKey('worker'), 'no stream'],
      ['keys', '*'],
      ['scan', '0'],
      ['select', '1'],
      ['config', 'get', '*'],
      ['acl', 'list'],
      ['flushall'],
      ['shutdown', 'nosave'],
      ['client', 'list'],
      ['client', 'kill', 'skipme', 'yes'],
      ['subscribe', 'x'],
      ['publish', 'x', 'y'],
      ['function', 'list'],
      ['monitor'],
      ['eval', `return redis.call('get', '${leaseKey('worker-2')}')`, '0'],
      ['eval', "return redis.call('get', KEYS[1])", '1', leaseKey('worker-2')],
      ['eval', "return redis.call('keys', '*')", '0'],
      ['eval', `return redis.call('del', '${reportsKey('worker')}')`, '0'],
    ];
    for (const [command, ...words] of foreign) {
      await assert.rejects(
        redis.call(command, ...words),
        /NOPERM|can't (run|access)|ACL failure/,
        `${command} ${words.join(' ')}`,
      );
    }
  });

  it('shows the address, labels and targets of the enrolment, whatever the agent registers', async () => {
    const identity = await joined({ ...WIN, agentId: 'liar' });
    const redis = as(identity);
    const of = async (agentId: string) => {
      const { agents } = (await bench.call('GET', '/v1/agents')).json<{ agents: ListedAgent[] }>();
      return agents.filter((agent) => agent.agentId === agentId);
    };
    const said = { advertisedHost: '10.9.8.7', labels: { rack: 'b' }, targets: ['0.0.0.0/0'] };
    const { incarnation, ...made } = registration('liar', said);
    const register = async (as: string, changes: object = {}) => {
      const text = JSON.stringify({ incarnation: as, ...made, ...changes });
      await redis.set(registrationKey('liar'), text);
      await redis.set(leaseKey('liar'), as);
    };
    await register(incarnation);
    const [listed] = await of('liar');
    assert.equal(listed?.advertisedHost, WIN.address);
    assert.deepEqual([listed?.labels, listed?.targets], [WIN.labels, WIN.targets]);
    assert.equal(listed?.live, true);

    // As another agent, or as more than there is to read: it is not on the list.
    const before = (await of('agent-a')).length;
    await register('second', { agentId: 'agent-a' });
    assert.deepEqual([await of('liar'), (await of('agent-a')).length], [[], before]);
    await register('third', { labels: { long: 'x'.repeat(70_000) } });
    assert.deepEqual(await of('liar'), []);
    await redis.set(leaseKey('liar'), 'y'.repeat(1_000_000));
    assert.deepEqual(await of('liar'), []);
  });

  it('ends an identity when a newer one is used, or when it is revoked', async () => {
    const first = await joined({ ...WIN, agentId: 'turned' });
    const one = as(first);
    await one.set(leaseKey('turned'), 'incarnation');
    const rotated = await bench.call('POST', '/v1/enrolments/turned/rotate');
    assert.equal(rotated.statusCode, 201, rotated.body);
    assert.equal(await one.ping(), 'PONG');
    const ended = new Promise((resolve) => one.once('end', resolve));
    const second = (await join(rotated.json<JoinToken>().token)).json<AgentIdentity>();
    assert.deepEqual(
      { ...second, redis: {}, jobKey: '' },
      { ...first, generation: 2, redis: {}, jobKey: '' },
    );
    assert.equal(second.jobKey, first.jobKey);
    await ended;
    await assert.rejects(as(first).ping(), /WRONGPASS|Connection is closed/);
    const two = as(second);
    assert.equal(await two.set(leaseKey('turned'), 'incarnation'), 'OK');
    const gone = new Promise((resolve) => two.once('end', resolve));
    assert.equal((await bench.call('DELETE', '/v1/enrolments/turned')).statusCode, 204);
    await gone;
    assert.equal(await bench.redis.exists(leaseKey('turned')), 0);
    await assert.rejects(as(second).ping(), /WRONGPASS|Connection is closed/);
    for (const [method, url] of [
      ['DELETE', '/v1/enrolments/turned'],
      ['POST', '/v1/enrolments/turned/rotate'],
    ] as const) {
      assert.equal((await bench.call(method, url)).statusCode, 404);
    }
    const third = await joined({ ...WIN, agentId: 'turned' });
    assert.equal(third.generation, 3);
    await assert.rejects(as(second).ping(), /WRONGPASS|Connection is closed/);
  });

  it('writes users that Redis has forgotten, and deletes those of nobody', async () => {
    const identity = await joined({ ...WIN, agentId: 'kept' });
    await bench.redis.acl('DELUSER', identity.redis.user);
    await bench.redis.acl('SETUSER', 'oversoak-agent-nobody.1', 'on', 'nopass', '+@all', '~*');
    const users = new AgentUsers(bench.redis, new Enrolments(bench.redis), {
      ...{ debug: () => undefined, info: () => undefined },
      ...{ warn: () => undefined, error: () => undefined },
    });
    await users.pass();
    const present = (await bench.redis.acl('USERS')) as string[];
    assert.ok(present.includes(identity.redis.user));
    assert.ok(!present.includes('oversoak-agent-nobody.1'));
    assert.equal(await as(identity).ping(), 'PONG');
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
