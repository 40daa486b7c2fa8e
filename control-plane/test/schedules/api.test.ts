import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Schedule, ScheduleEntry, type Soak, type WebhookEvent } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { TestApi } from '@oversoak/testing/control-plane/test-api';
import { LONG, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import type { InjectOptions } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { Value } from 'typebox/value';
import { SCHEDULES_KEY } from '../../src/store/names.ts';
import { MAX_SCHEDULES } from '../../src/store/schedules.ts';
import { startReceiver } from './receiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const nightly = { cron: '0 2 * * *', timeZone: 'Europe/Berlin', spec: submittedSpec() };

describe('schedules over the REST API', () => {
  let bench: TestCluster;
  let apis: TestApi[] = [];

  before(async () => {
    bench = await TestCluster.start();
  });
  after(() => bench.stop());
  beforeEach(async () => {
    await bench.agents();
    await plane();
  });
  afterEach(async () => {
    await Promise.all(apis.splice(0).map((api) => api.close()));
    await bench.clear();
  });

  /** One more control plane with its API. */
  const plane = async () => {
    const api = await TestApi.start(bench.server.url);
    apis = [...apis, api];
    return api.cluster;
  };
  const call = (method: InjectOptions['method'], url: string, more: InjectOptions = {}, by = 0) => {
    const api = apis[by];
    assert.ok(api !== undefined);
    return api.call(method, url, more);
  };
  const put = (body: unknown, headers: Record<string, string> = {}, name = 'nightly') =>
    call('PUT', `/v1/schedules/${name}`, { payload: body as object, headers });
  const entries = async (query = '') =>
    (await call('GET', `/v1/schedules/nightly/history${query}`)).json<{
      entries: ScheduleEntry[];
      nextCursor: string | null;
    }>();

  it('are as many as a cluster may have', async () => {
    const others = Array.from({ length: MAX_SCHEDULES - 1 }, (_, at) => [0, `other-${at}`]);
    await bench.redis.zadd(SCHEDULES_KEY, ...others.flat());
    assert.equal((await put(nightly)).statusCode, 201);
    const refused = await put(nightly, {}, 'more');
    assert.equal(refused.statusCode, 409, refused.body);
    assert.match(refused.json().detail, new RegExp(`there are ${MAX_SCHEDULES} schedules`));
    assert.equal((await call('GET', '/v1/schedules/more')).statusCode, 404);
    assert.equal((await put({ ...nightly, enabled: false })).statusCode, 200);
  });

  it('are put, shown, changed and deleted with their ETag', async () => {
    const created = await put(nightly, { 'if-none-match': '*' });
    assert.equal(created.statusCode, 201, created.body);
    assert.equal(created.headers.location, '/v1/schedules/nightly');
    const schedule = created.json<Schedule>();
    assert.equal(Value.Check(Schedule, schedule), true, created.body);
    assert.deepEqual(
      [schedule.enabled, schedule.overlap, schedule.webhook, schedule.last],
      [true, 'skip', null, null],
    );
    assert.equal(schedule.spec.workload.echoTimeoutMs, 5000);
    const hour = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    assert.match(hour.format(schedule.nextAtMs ?? 0), /^2:00\sAM$/);

    const etag = String(created.headers.etag);
    const got = await call('GET', '/v1/schedules/nightly');
    assert.deepEqual([got.json(), got.headers.etag], [schedule, etag]);
    const unchanged = await call('GET', '/v1/schedules/nightly', {
      headers: { 'if-none-match': etag },
    });
    assert.deepEqual([unchanged.statusCode, unchanged.body], [304, '']);
    const again = await put(nightly, { 'if-none-match': '*' });
    assert.equal(again.statusCode, 412);
    assert.match(again.json().detail, /If-None-Match: the name already exists/);

    const changed = await put({ ...nightly, enabled: false }, { 'if-match': etag });
    assert.equal(changed.statusCode, 200, changed.body);
    assert.equal(changed.json<Schedule>().nextAtMs, null);
    assert.equal(changed.json<Schedule>().createdAtMs, schedule.createdAtMs);
    const old = { headers: { 'if-match': etag } };
    for (const stale of [
      await put(nightly, old.headers),
      await call('DELETE', '/v1/schedules/nightly', old),
    ]) {
      assert.equal(stale.statusCode, 412);
      assert.match(stale.json().detail, /If-Match: it has changed since; get it again/);
    }
    assert.equal((await call('GET', '/v1/schedules')).json().schedules.length, 1);
    const gone = await call('DELETE', '/v1/schedules/nightly', {
      headers: { 'if-match': String(changed.headers.etag) },
    });
    assert.deepEqual([gone.statusCode, gone.body], [204, '']);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/history'],
      ['POST', '/run'],
    ] as const) {
      assert.equal((await call(method, `/v1/schedules/nightly${path}`)).statusCode, 404, path);
    }
    assert.equal((await put(nightly, { 'if-match': '*' })).statusCode, 412);
    assert.deepEqual(await bench.redis.keys('oversoak:schedule*'), []);
  });

  it('an ETag guards against other puts only, but a new soak changes the ETag of a GET', async () => {
    const etag = String((await put(nightly)).headers.etag);
    assert.equal((await call('POST', '/v1/schedules/nightly/run')).statusCode, 201);
    const got = await call('GET', '/v1/schedules/nightly', { headers: { 'if-none-match': etag } });
    assert.equal(got.statusCode, 200);
    assert.equal((await put(nightly, { 'if-match': etag })).statusCode, 200);
  });

  it('are accepted as YAML, and refused with all problems', async () => {
    const yaml = await call('PUT', '/v1/schedules/nightly', {
      payload:
        'cron: 0 2 * * *\ntimeZone: Asia/Seoul\nspec:\n  name: yaml\n' +
        '  matrix: {notifier: [iocp], sessions: [10]}\n' +
        '  workload: {ratePerSecond: 100}\n  phases: {measureSeconds: 1}\n',
      headers: { 'content-type': 'application/yaml' },
    });
    assert.equal(yaml.statusCode, 201, yaml.body);
    const refused = await put(
      {
        cron: '0 25 * * *',
        timeZone: 'Berlin',
        overlap: 'stop',
        zork: 1,
        webhook: { url: 'http://u:p@host/', secret: 'whsec_short' },
        spec: {
          ...submittedSpec(),
          matrix: { notifier: ['ioocp'], sessions: [10] },
          thresholds: ['x'],
        },
      },
      {},
      'other',
    );
    assert.equal(refused.statusCode, 400);
    const { errors } = refused.json<{ errors: { pointer: string; detail: string }[] }>();
    const details = Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail]));
    assert.deepEqual(Object.keys(details).sort(), [
      '/cron',
      '/overlap',
      '/spec/matrix/notifier/0',
      '/spec/thresholds/0',
      '/timeZone',
      '/webhook/secret',
      '/webhook/url',
      '/zork',
    ]);
    assert.equal(errors.length, 8);
    assert.match(details['/cron'] ?? '', /got value 25 expected range 0-23; valid: minute 0-59/);
    assert.match(details['/timeZone'] ?? '', /such as Europe\/Berlin/);
    assert.match(
      details['/zork'] ?? '',
      /valid: cron, timeZone, enabled, overlap, confirmSuspects, webhook, spec/,
    );
    assert.match(details['/webhook/secret'] ?? '', /"whsec_" and base64 of 24 to 64 bytes/);
    for (const body of [{}, [], 'x', null]) {
      const answer = await call('PUT', '/v1/schedules/other', {
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(answer.statusCode, 400, JSON.stringify(body));
    }
    assert.equal((await put(nightly, {}, 'Not_A_Name')).statusCode, 400);
    assert.deepEqual(await apis[0]?.cluster.schedules.names(), ['nightly']);
  });

  it('run on request, each time; one request makes one soak with two control planes', async () => {
    await plane();
    await put({ ...nightly, enabled: false });
    const url = '/v1/schedules/nightly/run';
    const keyed = { headers: { 'idempotency-key': 'a' } };
    const same = await Promise.all([0, 1, 0, 1].map((by) => call('POST', url, keyed, by)));
    assert.deepEqual(
      new Set(same.map(({ statusCode, body }) => `${statusCode} ${body}`)).size,
      1,
      same.map(({ body }) => body).join('\n'),
    );
    const soak = same[0]?.json<Soak>();
    assert.equal(same[0]?.headers.location, `/v1/soaks/${soak?.soakId}`);
    assert.equal(soak?.origin.kind, 'schedule');
    assert.equal((await call('POST', url)).statusCode, 201);
    const ended = await until('both are done', async () => {
      const page = await entries();
      return page.entries.every(({ verdict }) => verdict !== null) ? page.entries : null;
    });
    assert.equal(ended.length, 2);
    for (const entry of ended) {
      assert.equal(Value.Check(ScheduleEntry, entry), true);
      assert.deepEqual([entry.cause, entry.verdict, entry.webhook], ['manual', 'passed', null]);
    }
    const first = await entries('?limit=1');
    const second = await entries(`?limit=1&cursor=${first.nextCursor}`);
    assert.deepEqual([...first.entries, ...second.entries], ended);
    assert.deepEqual((await entries(`?limit=1&cursor=${second.nextCursor}`)).entries, []);
    assert.equal((await call('GET', '/v1/schedules/nightly/history?cursor=x')).statusCode, 400);
  });

  it('refuse a manual run that no agents can run, with the reason, and store nothing', async () => {
    await put({ ...nightly, spec: { ...submittedSpec(), fleet: { agents: 3 } } });
    const refused = await call('POST', '/v1/schedules/nightly/run');
    assert.equal(refused.statusCode, 422);
    assert.match(refused.json().detail, /no agents can run it/);
    assert.deepEqual((await entries()).entries, []);
  });

  it('tick through BullMQ: once with two control planes, and no longer after a change', async () => {
    const other = await plane();
    const put2 = await put(nightly);
    assert.equal(put2.statusCode, 201);
    const stored = await other.schedules.get('nightly');
    assert.ok(stored !== null);
    // A pattern of six fields, every second, is for tests alone.
    const quick = { ...stored.schedule, cron: '* * * * * *', overlap: 'queue' as const };
    await other.schedules.put(stored, quick, 'quick', Math.floor(await other.nowMs()));
    await other.followSchedule('nightly');
    const ticked = await until('it ticked three times', async () => {
      const page = await entries();
      const over = page.entries.filter(({ outcome }) => outcome === 'submitted');
      return over.length >= 3 ? over : null;
    });
    await put(nightly);
    const after = (await entries('?limit=100')).entries;
    const soaks = (await call('GET', '/v1/soaks?limit=100')).json().soaks;
    assert.equal(soaks.length, after.length);
    const times = ticked.map(({ tickAtMs }) => tickAtMs);
    assert.deepEqual(
      times.map((time) => time % 1000),
      times.map(() => 0),
    );
    assert.equal(new Set(times).size, times.length);
    // Past the next second, by the clock of Redis: the old pattern's tick would have been.
    const untilMs = (await other.nowMs()) + 1500;
    await until('the time is over', async () => (await other.nowMs()) > untilMs);
    assert.equal((await entries('?limit=100')).entries.length, after.length);
  });

  it('get new job schedulers when theirs are gone', async () => {
    await put(nightly);
    const name = 'oversoak-bull:soak-ticks:repeat';
    assert.deepEqual(await bench.redis.zrange(name, '0', '-1'), ['nightly']);
    await bench.redis.del(...(await bench.redis.keys('oversoak-bull:soak-ticks:*')));
    await until('there is one again', async () => (await bench.redis.zcard(name)) === 1);
    await call('DELETE', '/v1/schedules/nightly');
    assert.equal(await bench.redis.zcard(name), 0);
  });

  const hook = (url: string, on?: string[]) => ({
    ...nightly,
    webhook: { url, secret: SECRET, ...(on === undefined ? {} : { on }) },
  });
  const webhookIs = (pattern: RegExp) =>
    until(`the webhook is ${pattern}`, async () => {
      const [entry] = (await entries()).entries;
      return entry?.webhook != null && pattern.test(entry.webhook) ? entry : null;
    });

  it('call their webhook when a soak ends: signed, retried, delivered once', async () => {
    await plane();
    const receiver = await startReceiver({ status: 503 }, { status: 503 }, { status: 200 });
    try {
      const created = await put(hook(receiver.url, ['cancelled']));
      assert.doesNotMatch(created.body, /whsec/);
      assert.deepEqual(created.json<Schedule>().webhook, { url: receiver.url, on: ['cancelled'] });
      await put({
        ...hook(receiver.url, ['cancelled']),
        spec: { ...submittedSpec(), phases: LONG },
      });
      const soak = (await call('POST', '/v1/schedules/nightly/run')).json<Soak>();
      await call('POST', `/v1/soaks/${soak.soakId}/cancel`);
      const entry = await webhookIs(/^delivered$/);
      assert.equal(entry.verdict, 'cancelled');
      const bodies = new Set(receiver.received.map(({ body }) => body));
      const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
      assert.deepEqual([receiver.received.length, bodies.size, ids.size], [3, 1, 1]);
      for (const { headers, body } of receiver.received) {
        const event = new Webhook(SECRET).verify(body, headers as Record<string, string>);
        const { type, data } = event as WebhookEvent;
        assert.equal(type, 'soak.done');
        assert.deepEqual(data, {
          ...{ schedule: 'nightly', tickAtMs: entry.tickAtMs, soakId: soak.soakId },
          ...{ verdict: 'cancelled', path: `/v1/soaks/${soak.soakId}` },
          reasons: ['iocp.homo.10 #1: cancelled by request'],
        });
      }
      // Sent again, as after a control plane that died before it could confirm the notification.
      await bench.redis.sadd('oversoak:soaks:ended', soak.soakId);
      await until(
        'the webhook is called',
        async () => (await bench.redis.scard('oversoak:soaks:ended')) === 0,
      );
      assert.equal(receiver.received.length, 3);
    } finally {
      await receiver.stop();
    }
  });

  it('stop calling a webhook that refuses, and call none for a verdict it does not want', async () => {
    const receiver = await startReceiver({ status: 410 });
    try {
      await put(hook(receiver.url, ['passed']));
      await call('POST', '/v1/schedules/nightly/run');
      await webhookIs(/^failed: HTTP 410 Gone$/);
      assert.equal(receiver.received.length, 3);
      await put(hook(receiver.url));
      await call('POST', '/v1/schedules/nightly/run');
      await until('the webhook is called', async () => {
        const [entry] = (await entries()).entries;
        const left = await bench.redis.scard('oversoak:soaks:ended');
        return entry?.verdict === 'passed' && left === 0;
      });
      assert.equal((await entries()).entries[0]?.webhook, null);
      assert.equal(receiver.received.length, 3);
    } finally {
      await receiver.stop();
    }
  });

  it('hand a delivery to another control plane when theirs stops', async () => {
    const receiver = await startReceiver({ status: 0 }, { status: 200 });
    try {
      await put(hook(receiver.url, ['passed']));
      await call('POST', '/v1/schedules/nightly/run');
      await until('it is on its way', async () => receiver.received.length === 1);
      const sinceMs = performance.now();
      await apis.splice(0, 1)[0]?.close();
      const tookMs = performance.now() - sinceMs;
      assert.ok(tookMs < 3000, `${tookMs} ms`);
      await plane();
      await webhookIs(/^delivered$/);
      assert.equal(receiver.received.length, 2);
    } finally {
      await receiver.stop();
    }
  });

  it('deliver the end of a soak when the control plane died before it could', async () => {
    const receiver = await startReceiver({ status: 200 });
    try {
      await put(hook(receiver.url, ['passed']));
      const soak = (await call('POST', '/v1/schedules/nightly/run')).json<Soak>();
      await webhookIs(/^delivered$/);
      const [entry] = (await entries()).entries;
      const before = receiver.received.length;
      // As a control plane leaves it that dies right after it stored the last run's end. Another
      // notification of the first time may still be under way and take the mark away again.
      await bench.redis.hdel('oversoak:schedule:nightly:entries', `${entry?.tickAtMs}:webhook`);
      await until('the webhook is called once more', async () => {
        await bench.redis.sadd('oversoak:soaks:ended', soak.soakId);
        return receiver.received.length > before;
      });
      await webhookIs(/^delivered$/);
    } finally {
      await receiver.stop();
    }
  });
});
