// What a caller of the API, a receiver of webhooks and a file can do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { AuditEntry, ScheduleEntry, Soak } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import type { SimulatedAgent } from '@oversoak/testing/control-plane/simulated-agent';
import { until } from '@oversoak/testing/waiting/until';
import { AttackedPlane, TOKEN } from './attacked-plane.ts';
import { oversoak } from './cli.ts';

const SECRET = `whsec_${Buffer.alloc(32, 'webhook').toString('base64')}`;
const MB = 1_000_000;

describe('a control plane that can be reached', () => {
  let plane: AttackedPlane;
  let agents: SimulatedAgent[];
  let done: Soak;
  before(async () => {
    plane = await AttackedPlane.start();
    agents = [await plane.agent('agent-a'), await plane.agent('agent-b')];
    const { soakId } = await plane.ask<Soak>('/v1/soaks', {
      method: 'POST',
      body: submittedSpec(),
    });
    done = await soakDone(soakId);
  });
  after(() => plane.stop());

  const soakDone = (soakId: string) =>
    until('the soak is done', async () => {
      const now = await plane.ask<Soak>(`/v1/soaks/${soakId}`);
      return now.runs.every(({ state }) => state === 'done') ? now : null;
    });

  it('calls no webhook in a private network, and its history does not reveal what is there', async () => {
    let connections = 0;
    const inside = createServer((socket) => {
      connections += 1;
      socket.end('HTTP/1.1 418 A secret of the network\r\n\r\n');
    });
    inside.listen(0, '127.0.0.1');
    await once(inside, 'listening');
    const { port } = inside.address() as AddressInfo;
    for (const agent of agents) agent.behaviour.assign = 'fail';
    for (const [index, url] of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      plane.redisUrl.replace('redis:', 'http:'),
      `${plane.url}/v1/soaks`,
      'http://169.254.169.254/latest/meta-data/',
      'http://0/',
    ].entries()) {
      const name = `hook-${index}`;
      await plane.ask(`/v1/schedules/${name}`, {
        method: 'PUT',
        body: {
          ...{ cron: '0 3 1 1 *', timeZone: 'UTC', spec: submittedSpec() },
          webhook: { url, secret: SECRET },
        },
      });
      await plane.ask(`/v1/schedules/${name}/run`, { method: 'POST' });
      const entry = await until(`the webhook of ${url} is refused`, async () => {
        const path = `/v1/schedules/${name}/history`;
        const [newest] = (await plane.ask<{ entries: ScheduleEntry[] }>(path)).entries;
        return newest?.webhook?.includes('attempt') ? newest : null;
      });
      assert.match(
        String(entry.webhook),
        /^pending: attempt 1 of 15: refused: the address of \S+ is not public/,
      );
    }
    assert.equal(connections, 0);
    inside.close();
    for (const agent of agents) agent.behaviour.assign = 'prepare';
  });

  it('reads an accept-encoding of 15 kB at once', async () => {
    const path = `/v1/soaks/${done.soakId}/export`;
    const took = async (value: string) => {
      const times: number[] = [];
      for (let count = 0; count < 5; count += 1) {
        const { status, tookMs } = await plane.call(path, {
          headers: { 'accept-encoding': value },
        });
        assert.equal(status, 200);
        times.push(tookMs);
      }
      return Math.min(...times);
    };
    for (const value of [`,${' '.repeat(15_000)}x`, `gzip;q=0.${'0'.repeat(15_000)}x`]) {
      // It was 504 ms.
      const ms = await took(value);
      assert.ok(ms < 100, `${ms} ms`);
    }
  });

  it('limits the token guesses of an address before it checks them', async () => {
    const from = '127.0.0.9';
    const statuses: number[] = [];
    for (let count = 0; count < 25; count += 1) {
      const token = `osk_aaaaaaaaaa_${String(count).padStart(43, 'x')}`;
      statuses.push((await plane.call('/v1/soaks', { token, from })).status);
    }
    assert.deepEqual(new Set(statuses.slice(0, 20)), new Set([401]));
    assert.deepEqual(new Set(statuses.slice(20)), new Set([429]));
    // The right one is not looked at either; others go on.
    assert.equal((await plane.call('/v1/soaks', { from })).status, 429);
    assert.equal((await plane.call('/v1/soaks')).status, 200);
    const { entries } = await plane.ask<{ entries: AuditEntry[] }>('/v1/audit');
    const noted = entries.filter((entry) => entry.from === from).map(({ outcome }) => outcome);
    assert.ok(noted.includes('401') && noted.includes('429'));
  });

  it('shows the terminal escapes of an imported file as text, in the command', async () => {
    for (const agent of agents) agent.behaviour.assign = 'fail';
    const submitted = { method: 'POST', body: submittedSpec() } as const;
    const { soakId: failed } = await soakDone(
      (await plane.ask<Soak>('/v1/soaks', submitted)).soakId,
    );
    for (const agent of agents) agent.behaviour.assign = 'prepare';
    const path = `/v1/soaks/${failed}/export`;
    const { text } = await plane.call(path, { headers: { 'accept-encoding': 'identity' } });
    const own = failed.slice('soak-'.length);
    const id = own.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const lines = text.replaceAll(own, id).split('\n').slice(0, -2);
    const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31mred\u202egnp.exe';
    // Names have a pattern, also in a file; the reasons of a verdict have none.
    const changed = lines.map((line) =>
      line.replaceAll('the port is taken', JSON.stringify(hostile).slice(1, -1)),
    );
    const body = `${changed.join('\n')}\n`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    const { soakId } = await plane.ask<Soak>('/v1/soaks/import', {
      method: 'POST',
      type: 'application/x-ndjson',
      body: `${body}${JSON.stringify({ kind: 'end', sha256 })}\n`,
    });
    const shown = await oversoak(plane, 'show', soakId);
    assert.match(shown.output, /owned/);
    for (const command of [['show', soakId], ['soaks'], ['report', soakId]]) {
      const { output } = await oversoak(plane, ...command);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(output, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('stores as many of 20 submissions of 1,000 runs as its quota allows, and names the quota', async () => {
    for (const agent of agents) agent.behaviour.assign = 'silent';
    const used = async () =>
      Number(/used_memory:(\d+)/.exec(await plane.redis.info('memory'))?.[1]);
    const before = await used();
    const answers = [];
    for (let count = 0; count < 20; count += 1) {
      const sessions = Array.from({ length: 10 }, (_, index) => index + 1);
      const matrix = { notifier: ['iocp'], sessions };
      const body = { ...submittedSpec(), matrix, repeats: 100 };
      answers.push(await plane.call('/v1/soaks', { method: 'POST', body }));
    }
    const refused = answers.filter(({ status }) => status === 429);
    assert.deepEqual(
      [answers.filter(({ status }) => status === 201).length, refused.length],
      [5, 15],
    );
    const [first] = refused;
    assert.ok(first !== undefined);
    assert.match(String(first.headers['content-type']), /^application\/problem\+json/);
    assert.equal((first.json as { quota: string }).quota, 'queued-runs');
    const stored = (await used()) - before;
    // They were 114 MB.
    assert.ok(stored < 40 * MB, `${stored} bytes`);
    const { entries } = await plane.ask<{ entries: AuditEntry[] }>('/v1/audit');
    assert.equal(entries[0]?.outcome, '429 quota queued-runs');
    const other = await plane.call('/v1/tokens', {
      ...{ method: 'POST', body: { name: 'other', role: 'operator' } },
    });
    const { token } = other.json as { token: string };
    const body = submittedSpec();
    assert.equal((await plane.call('/v1/soaks', { method: 'POST', body, token })).status, 201);
    assert.notEqual(token, TOKEN);
  });
});
