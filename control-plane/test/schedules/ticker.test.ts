import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { ScheduleInput, WebhookEvent } from '@oversoak/contracts';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { silentLog } from '@oversoak/testing/control-plane/silent-log';
import { LONG, reach, TestCluster } from '@oversoak/testing/control-plane/test-cluster';
import type { Redis } from 'ioredis';
import type { Cluster } from '../../src/routes/cluster.ts';
import { changeSchedule } from '../../src/schedules/change-schedule.ts';
import { Ticker, type TickerDeps } from '../../src/schedules/ticker.ts';
import { connect } from '../../src/store/redis.ts';
import { ENTRIES_KEPT, Schedules } from '../../src/store/schedules.ts';
import { SealedSecrets } from '../../src/store/sealed-secrets.ts';

const at = (text: string) => Date.parse(text);
const NAME = 'nightly';
const nightly: ScheduleInput = {
  cron: '0 2 * * *',
  timeZone: 'UTC',
  enabled: true,
  overlap: 'skip',
  confirmSuspects: false,
  spec: madeSpec(),
};
/** Of when it is put; the first tick is two hours later. */
const PUT = '2027-01-01T00:00Z';
const FIRST = at('2027-01-01T02:00Z');
const DAY = 86_400_000;

describe("a schedule's ticks", () => {
  let bench: TestCluster;
  let redis: Redis;
  let plane: Cluster;
  let schedules: Schedules;
  let now = 0;
  let sent: WebhookEvent[] = [];

  before(async () => {
    bench = await TestCluster.start();
    redis = connect(bench.server.url);
    schedules = new Schedules(redis, new SealedSecrets([]));
  });
  after(async () => {
    redis.disconnect();
    await bench.stop();
  });
  beforeEach(async () => {
    plane = await bench.plane();
    sent = [];
  });
  afterEach(() => bench.clear());

  const ticker = (changes: Partial<TickerDeps> = {}) =>
    new Ticker({
      schedules,
      soaks: plane.soaks,
      submit: (spec, as) => plane.submit(spec, as),
      deliveries: {
        send: async (event) => {
          sent.push(event);
        },
      },
      nowMs: async () => now,
      log: silentLog,
      ...changes,
    });
  let revisions = 0;
  const put = (changes: Partial<ScheduleInput> = {}, when = PUT) => {
    const schedule = { ...nightly, ...changes };
    revisions += 1;
    return changeSchedule(NAME, schedule, `r${revisions}`, at(when), () => {}, schedules);
  };
  const tickAt = async (when: number, by = ticker()) => {
    now = when;
    await by.tick(NAME);
  };
  const history = () => schedules.entries(NAME, null, 100);
  const soakIds = async () =>
    (await plane.soaks.list(null, 100)).soaks.map(({ soak }) => soak.soakId);
  const outcomes = async () =>
    (await history()).map(({ tickAtMs, cause, outcome }) => [tickAtMs, cause, outcome]);

  it('make one soak each, with their origin, however often they are processed', async () => {
    await bench.agents();
    await put();
    await tickAt(FIRST - 1);
    assert.deepEqual(await history(), []);
    for (let times = 0; times < 3; times++) await tickAt(FIRST + 20);
    const [soakId = '', ...more] = await soakIds();
    assert.deepEqual(more, []);
    const soak = await plane.soaks.get(soakId);
    assert.deepEqual(soak?.soak.origin, { kind: 'schedule', schedule: NAME, tickAtMs: FIRST });
    const [entry] = await history();
    assert.deepEqual(entry, {
      tickAtMs: FIRST,
      ...{ cause: 'tick', outcome: 'submitted', soakId, note: '', webhook: null },
      request: { key: `schedule-${NAME}-${FIRST}`, fingerprint: 'tick' },
    });
    await reach(plane, soak?.soak.runIds[0], 'done');
    await tickAt(FIRST + DAY);
    assert.equal((await soakIds()).length, 2);
  });

  it('make one soak when two control planes process them at once', async () => {
    await bench.agents();
    const other = await bench.plane();
    await put();
    now = FIRST;
    const both = [ticker(), ticker({ submit: (spec, as) => other.submit(spec, as) })];
    await Promise.all([...both, ...both].map((one) => one.tick(NAME)));
    assert.equal((await soakIds()).length, 1);
    assert.deepEqual(await outcomes(), [[FIRST, 'tick', 'submitted']]);
  });

  it('make one late soak if missed, which states how late and how many', async () => {
    await bench.agents();
    await put();
    const back = FIRST + 2 * DAY + 3 * 3_600_000;
    await tickAt(back);
    await tickAt(back + 1000);
    assert.equal((await soakIds()).length, 1);
    const [entry, ...more] = await history();
    assert.deepEqual(more, []);
    assert.equal(entry?.tickAtMs, FIRST + 2 * DAY);
    assert.equal(entry?.cause, 'late');
    assert.equal(
      entry?.note,
      '3h late: no control plane was running in time; 2 ticks before it were missed',
    );
  });

  it('are skipped or queued while the last soak is not done', async () => {
    await bench.agents();
    await put({ spec: madeSpec({ phases: LONG }) });
    await tickAt(FIRST);
    const [first] = await soakIds();
    await tickAt(FIRST + DAY);
    const [skipped] = await history();
    assert.deepEqual(
      [skipped?.outcome, skipped?.soakId, skipped?.note],
      ['skipped', null, `${first} is not done`],
    );
    assert.equal((await soakIds()).length, 1);
    await put({ overlap: 'queue' }, '2027-01-02T12:00Z');
    await tickAt(FIRST + 2 * DAY);
    assert.equal((await soakIds()).length, 2);
    assert.equal((await history())[0]?.outcome, 'submitted');
  });

  it('make no soak for an old pattern, or a schedule that is disabled or deleted', async () => {
    await bench.agents();
    await put();
    // Changed after the tick was due and before it was taken.
    await put({ cron: '0 5 * * *' }, '2027-01-01T02:00:01Z');
    await tickAt(FIRST + 5000);
    await put({ enabled: false }, '2027-01-01T03:00Z');
    await tickAt(FIRST + 5 * 3_600_000);
    // Enabled again: what was due meanwhile is not made up for.
    await put({}, '2027-01-01T08:00Z');
    await tickAt(at('2027-01-01T08:01Z'));
    assert.deepEqual(await history(), []);
    const stored = await schedules.get(NAME);
    assert.ok(stored !== null && (await schedules.delete(stored)));
    await tickAt(FIRST + DAY);
    assert.deepEqual(await soakIds(), []);
    assert.deepEqual(await redis.keys('oversoak:schedule*'), []);
  });

  it('stay due after a put that does not change the pattern', async () => {
    await bench.agents();
    await put();
    await put({ overlap: 'queue' }, '2027-01-01T02:00:01Z');
    await tickAt(FIRST + 5000);
    assert.deepEqual(await outcomes(), [[FIRST, 'tick', 'submitted']]);
  });

  it('are completed by the next pass when a control plane dies while it processes one', async () => {
    await bench.agents();
    await put();
    const dies = async () => {
      throw new Error('made');
    };
    await assert.rejects(tickAt(FIRST, ticker({ submit: dies })), /made/);
    assert.deepEqual(await outcomes(), [[FIRST, 'tick', 'pending']]);
    const afterSubmit = {
      get: (name: string) => schedules.get(name),
      addEntry: schedules.addEntry.bind(schedules),
      entry: schedules.entry.bind(schedules),
      pending: (name: string) => schedules.pending(name),
      dropEntry: schedules.dropEntry.bind(schedules),
      settleEntry: dies,
    };
    await assert.rejects(tickAt(FIRST + 5000, ticker({ schedules: afterSubmit })), /made/);
    assert.equal((await soakIds()).length, 1);
    assert.deepEqual(await outcomes(), [[FIRST, 'tick', 'pending']]);
    await tickAt(FIRST + 9000);
    const [entry] = await history();
    assert.deepEqual([entry?.outcome, entry?.soakId], ['submitted', (await soakIds())[0]]);
    assert.deepEqual(await schedules.pending(NAME), []);
  });

  it('are refused if no agents can run them, and the webhook reports that as inconclusive', async () => {
    const webhook = { url: 'http://127.0.0.1:1/', secret: 'whsec_', on: ['inconclusive' as const] };
    await put({ webhook });
    await tickAt(FIRST);
    const [entry] = await history();
    assert.equal(entry?.outcome, 'refused');
    assert.match(
      entry?.note ?? '',
      /^\/matrix\/notifier\/0 iocp × homo: no live agents can run it/,
    );
    const [event, ...more] = sent;
    assert.deepEqual(more, []);
    assert.equal(event?.type, 'soak.refused');
    assert.equal(event?.timestamp, '2027-01-01T02:00:00.000Z');
    assert.deepEqual(event?.data, {
      schedule: NAME,
      ...{ tickAtMs: FIRST, soakId: null, verdict: 'inconclusive' },
      reasons: [entry?.note],
      path: `/v1/schedules/${NAME}/history`,
    });
    await put({ webhook: { ...webhook, on: ['failed'] } });
    await tickAt(FIRST + DAY);
    assert.equal(sent.length, 1);
  });

  it('are confirmed by one more soak, however many control planes request it and whichever dies', async () => {
    await bench.agents();
    const other = await bench.plane();
    await put();
    now = FIRST;
    const both = [ticker(), ticker({ submit: (spec, as) => other.submit(spec, as) })];
    const confirm = (one: Ticker, soakId = 'soak-a') => one.confirm(NAME, FIRST, soakId, 'why');
    const dies = async () => {
      throw new Error('made');
    };
    await assert.rejects(confirm(ticker({ submit: dies })), /made/);
    await Promise.all([...both, ...both].map((one) => confirm(one)));
    assert.deepEqual(await outcomes(), [[FIRST + 1, 'confirm', 'pending']]);
    await schedules.pending(NAME);
    await tickAt(FIRST - 1);
    await Promise.all(both.map((one) => confirm(one)));
    const [soakId = '', ...more] = await soakIds();
    assert.deepEqual(more, []);
    const [entry] = await history();
    assert.deepEqual(entry, {
      tickAtMs: FIRST + 1,
      ...{ cause: 'confirm', outcome: 'submitted', soakId, note: 'why', webhook: null },
      request: { key: 'confirm-soak-a', fingerprint: 'confirm' },
    });
    // Another one finds the moment taken and takes the next.
    await Promise.all([...both, ...both].map((one) => confirm(one, 'soak-b')));
    assert.deepEqual(await outcomes(), [
      [FIRST + 2, 'confirm', 'submitted'],
      [FIRST + 1, 'confirm', 'submitted'],
    ]);
    assert.equal((await soakIds()).length, 2);
    // No tick is over by it.
    await tickAt(FIRST);
    assert.equal((await history()).at(-1)?.cause, 'tick');
    await confirm(ticker(), 'soak-c');
    const stored = await schedules.get(NAME);
    assert.ok(stored !== null && (await schedules.delete(stored)));
    await confirm(ticker(), 'soak-d');
    assert.deepEqual(await redis.keys('oversoak:schedule*'), []);
  });

  it('have a bounded history', async () => {
    await put();
    const stored = await schedules.get(NAME);
    assert.ok(stored !== null);
    const base = { cause: 'tick', outcome: 'skipped', soakId: null, note: '' } as const;
    const request = { key: 'x', fingerprint: 'x' };
    for (let index = 1; index <= ENTRIES_KEPT + 5; index++) {
      const entry = { tickAtMs: at(PUT) + index * 1000, ...base, webhook: null, request };
      assert.equal(await schedules.addEntry(stored, entry, true), 'added');
      await schedules.noteDelivery(NAME, entry.tickAtMs, 'delivered');
    }
    assert.equal(await redis.zcard(`oversoak:schedule:${NAME}:ticks`), ENTRIES_KEPT);
    assert.equal(await redis.hlen(`oversoak:schedule:${NAME}:entries`), 2 * ENTRIES_KEPT);
    assert.equal((await schedules.entries(NAME, at(PUT) + 7000, 10)).length, 1);
    assert.equal(await schedules.noteDelivery(NAME, at(PUT) + 1000, 'delivered'), false);
  });

  it('do not affect manual runs: each has its own time, and one request makes one soak', async () => {
    await bench.agents();
    await put({ enabled: false });
    now = FIRST;
    const one = ticker();
    const key = (name: string) => ({ key: name, fingerprint: 'run' });
    await Promise.all([one.run(NAME, key('a')), one.run(NAME, key('a')), one.run(NAME, key('b'))]);
    const again = await one.run(NAME, key('a'));
    assert.ok(again !== null && 'created' in again && !again.created);
    assert.equal((await soakIds()).length, 2);
    const entries = await history();
    assert.equal(entries.length, 2);
    for (const { cause, outcome, tickAtMs } of entries) {
      assert.deepEqual([cause, outcome], ['manual', 'submitted']);
      assert.ok(tickAtMs % 1000 !== 0 && tickAtMs - FIRST < 10, String(tickAtMs));
    }
    const other = await one.run(NAME, { key: 'a', fingerprint: 'else' });
    assert.ok(other !== null && 'keyOfAnotherRequest' in other);
    assert.equal(await one.run('none', key('c')), null);
  });
});
