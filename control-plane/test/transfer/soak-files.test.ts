import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Run, Soak, SoakFileHead, SoakFileRun, SoakSpec } from '@oversoak/contracts';
import { LONG, reach, submit } from '@oversoak/testing/control-plane/test-cluster';
import { until } from '@oversoak/testing/waiting/until';
import { soakFileLines } from '../../src/transfer/write-file.ts';
import { type Place, startPlace, stopPlace, TOKEN } from './place.ts';

describe('the file of a soak', () => {
  let home: Place;
  let away: Place;
  let soakId: string;
  let file: Buffer;

  const done = async (changes: Partial<SoakSpec> = {}) => {
    const { soak } = await submit(home.plane, changes);
    for (const runId of soak.runIds) await reach(home.plane, runId, 'done');
    return soak.soakId;
  };
  const exported = async ({ call }: Place, id = soakId) => {
    const answer = await call('GET', `/v1/soaks/${id}/export`);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer;
  };
  const importInto = ({ call }: Place, payload: string | Buffer, type = 'application/x-ndjson') =>
    call('POST', '/v1/soaks/import', { payload, headers: { 'content-type': type } });
  const keys = async ({ bench }: Place) =>
    (await bench.redis.keys('oversoak:*')).filter((key) => !/:a(gent|udit)/.test(key)).sort();

  before(async () => {
    [home, away] = await Promise.all([startPlace(), startPlace()]);
    await home.bench.agents();
    const matrix = { notifier: ['iocp', 'event'], layout: ['homo'], sessions: [10] } as const;
    soakId = await done({ matrix: structuredClone(matrix) as never, repeats: 2 });
    file = (await exported(home)).rawPayload;
  });
  after(async () => {
    await stopPlace(home);
    await stopPlace(away);
  });

  it('ends with the SHA-256 of the preceding lines', async () => {
    const lines = file.toString().trimEnd().split('\n');
    assert.equal(lines.length, 6);
    const head = JSON.parse(lines[0] ?? '') as SoakFileHead;
    assert.deepEqual([head.soakId, head.runs, head.version], [soakId, 4, 2]);
    const before = `${lines.slice(0, -1).join('\n')}\n`;
    const sha256 = createHash('sha256').update(before).digest('hex');
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), { kind: 'end', sha256 });
  });

  it('is compressed only for a caller that accepts gzip', async () => {
    for (const [accepted, packed] of [
      ['gzip', true],
      ['deflate, gzip;q=0.5, br', true],
      ['gzip;q=0', false],
      ['br', false],
    ] as const) {
      const answer = await home.call('GET', `/v1/soaks/${soakId}/export`, {
        headers: { 'accept-encoding': accepted },
      });
      assert.equal(answer.headers['content-encoding'], packed ? 'gzip' : undefined, accepted);
      assert.match(String(answer.headers['content-type']), /^application\/x-ndjson/);
      const plain = packed ? gunzipSync(answer.rawPayload) : answer.rawPayload;
      assert.ok(plain.equals(file));
    }
  });

  it('is refused for a soak that is not done or does not exist', async () => {
    const open = await submit(home.plane, { phases: LONG });
    const answer = await home.call('GET', `/v1/soaks/${open.soak.soakId}/export`);
    assert.equal(answer.statusCode, 409);
    assert.match(answer.json().detail, /is not done/);
    assert.equal((await home.call('GET', '/v1/soaks/none/export')).statusCode, 404);
    // Nor does its own file, made up, get past it.
    const lines = file.toString().replaceAll(soakId.slice(5), open.soak.soakId.slice(5));
    assert.equal((await importInto(home, sealed(lines.split('\n').slice(0, -2)))).statusCode, 409);
    await home.plane.cancel(open);
    for (const runId of open.soak.runIds) await reach(home.plane, runId, 'done');
  });

  it('recreates the same soak elsewhere: runs, results, events, comparison, file', async () => {
    const answer = await importInto(away, gzipSync(file), 'application/gzip');
    assert.equal(answer.statusCode, 201, answer.body);
    assert.equal(answer.headers.location, `/v1/soaks/${soakId}`);
    const soaks = await Promise.all(
      [home, away].map(async ({ call }) => (await call('GET', `/v1/soaks/${soakId}`)).json<Soak>()),
    );
    const [ours, theirs] = soaks as [Soak, Soak];
    assert.deepEqual(ours.origin, { kind: 'submitted' });
    assert.equal(theirs.origin.kind, 'import');
    assert.deepEqual({ ...theirs, origin: null }, { ...ours, origin: null });
    const paths = [
      `/v1/soaks/${soakId}/comparison`,
      `/v1/soaks/${soakId}/comparison?format=csv`,
      ...ours.runs.map(({ runId }: Run) => `/v1/runs/${runId}`),
    ];
    for (const path of paths) {
      const [here, there] = [await home.call('GET', path), await away.call('GET', path)];
      assert.equal(here.statusCode, 200);
      assert.equal(there.body, here.body, path);
    }
    const states = ({ body }: { body: string }) =>
      [...body.matchAll(/^data: (.*"kind":"state".*)$/gm)].map(([, data]) => data);
    const events = `/v1/runs/${ours.runs[0]?.runId}/events`;
    const [here, there] = [await home.call('GET', events), await away.call('GET', events)];
    assert.ok(states(here).length >= 5);
    assert.deepEqual(states(there), states(here));
    const listed = (await away.call('GET', '/v1/soaks')).json();
    assert.deepEqual(
      listed.soaks.map(({ soakId: id, verdict }: Soak) => [id, verdict]),
      [[soakId, ours.verdict]],
    );
    assert.ok((await exported(away)).rawPayload.equals(file));
    for (const key of await keys(away)) assert.equal(await away.bench.redis.ttl(key), -1, key);
  });

  it('changes nothing when it is imported again; a different soak with its id is refused', async () => {
    const before = await keys(away);
    const again = await importInto(away, file);
    assert.equal(again.statusCode, 200, again.body);
    assert.equal(again.json().soakId, soakId);
    const other = changed((_, run) => {
      run.result.notes = ['not as it was'];
    });
    const refused = await importInto(away, other);
    assert.equal(refused.statusCode, 409, refused.body);
    assert.match(refused.json().detail, /a different soak/);
    assert.deepEqual(await keys(away), before);
  });

  it('of version 1 can be imported twice as well', async () => {
    await away.bench.redis.flushall();
    const older = changed((head) => {
      head.version = 1;
    });
    assert.equal((await importInto(away, older)).statusCode, 201);
    assert.equal((await importInto(away, older)).statusCode, 200);
  });

  it('may have a line for each fleet of a run', async () => {
    await away.bench.redis.flushall();
    const stored = await home.plane.soaks.get(soakId);
    assert.ok(stored !== null);
    let apart = '';
    for await (const line of soakFileLines(stored.soak, home.plane.runs, { oneLineBytes: 1000 })) {
      apart += line;
    }
    const kinds = [...apart.matchAll(/^\{"kind":"(\w+)"/gm)].map(([, kind]) => kind);
    const run = ['run', 'fleet'];
    assert.deepEqual(kinds, ['soak', ...run, ...run, ...run, ...run, 'end']);
    assert.equal((await importInto(away, apart)).statusCode, 201);
    assert.ok((await exported(away)).rawPayload.equals(file));

    await away.bench.redis.flushall();
    const [head = '', first = '', fleet = '', ...rest] = apart.split('\n').slice(0, -2);
    const other = fleet.replace('"agentId":"agent-', '"agentId":"agent-of-another-');
    const refused = await importInto(away, sealed([head, first, other, ...rest]));
    assert.equal(refused.statusCode, 400, refused.body);
    assert.match(refused.json().errors[0].detail, /line 3: must be "agent-/);
    assert.deepEqual(await keys(away), []);
  });

  it('is stored once when it is imported twice at the same time, and imports run one at a time', async () => {
    await away.bench.redis.flushall();
    const answers = await Promise.all([importInto(away, file), importInto(away, file)]);
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    assert.deepEqual(statuses, [201, 429]);
    const refused = answers.find(({ statusCode }) => statusCode === 429);
    assert.match(refused?.json().detail, /another import is being read/);
    assert.deepEqual(
      (await keys(away)).filter((key) => key.includes('import')),
      [],
    );
  });

  it('is subject to retention like any other soak', async () => {
    await away.bench.redis.flushall();
    await importInto(away, file);
    const stored = await away.plane.soaks.get(soakId);
    assert.ok(stored?.progress.endedAtMs && Date.now() - stored.progress.endedAtMs < 60_000);
    assert.equal(await away.plane.soaks.delete(stored.soak), true);
    assert.deepEqual(await keys(away), []);
  });

  const lines = () => file.toString().trimEnd().split('\n');
  /** Lines followed by their checksum. */
  const sealed = (before: string[]) => {
    const text = `${before.join('\n')}\n`;
    const sha256 = createHash('sha256').update(text).digest('hex');
    return `${text}${JSON.stringify({ kind: 'end', sha256 })}\n`;
  };
  /** The file with something changed in its head and second run, and an end that fits. */
  function changed(change: (head: SoakFileHead, run: SoakFileRun) => void): string {
    const [head = '', first = '', second = '', ...rest] = lines().slice(0, -1);
    const parsed = [JSON.parse(head) as SoakFileHead, JSON.parse(second) as SoakFileRun] as const;
    change(...parsed);
    return sealed([JSON.stringify(parsed[0]), first, JSON.stringify(parsed[1]), ...rest]);
  }
  const fleetOf = (run: SoakFileRun) => Object.values(run.result.fleets)[0];

  for (const [name, made, detail, pointer, status] of [
    ['nothing', () => '', /is truncated/, '', 400],
    ['no JSON', () => 'name: demo\n', /no file of "oversoak export" \(not JSON/, '', 400],
    ['a soak as JSON', () => '{"name":"a"}\n', /no file of "oversoak export"$/, '', 400],
    [
      'bytes that are not UTF-8',
      () => Buffer.from([0x22, 0xff, 0x22]),
      /line 1: this is no file of "oversoak export" \(not JSON: /,
      '',
      400,
    ],
    ['broken gzip', () => gzipSync(file).subarray(0, 400), /not valid gzip/, null, 400],
    ['a head of something else', () => '{"kind":"soap"}\n', /line 1: this is no/, '', 400],
    [
      'a newer version',
      () =>
        changed((head) => {
          head.version = 7;
        }),
      /version 7 is newer than this oversoak, which reads 2/,
      '/version',
      400,
    ],
    [
      'a spec with an unknown field',
      () =>
        changed((head) => {
          Object.assign(head.spec, { zork: 1 });
        }),
      /line 1: unknown property "zork"; valid/,
      '/spec/zork',
      400,
    ],
    [
      'a spec that breaks a rule',
      () =>
        changed((head) => {
          head.spec.workload.minFrameBytes = 9000;
        }),
      /line 1: /,
      '/spec/workload/minFrameBytes',
      400,
    ],
    [
      'another number of runs',
      () =>
        changed((head) => {
          head.runs = 3;
        }),
      /the spec has 4 runs/,
      '/runs',
      400,
    ],
    [
      'another name',
      () =>
        changed((head) => {
          head.name = 'else';
        }),
      /the spec's is "made"/,
      '/name',
      400,
    ],
    [
      "another soak's run",
      () =>
        changed((_, { run }) => {
          run.soakId = 'soak-x';
        }),
      /line 3: must be "soak-/,
      '/run/soakId',
      400,
    ],
    [
      'a run twice',
      () => sealed([0, 1, 1, 3, 4].map((at) => lines()[at] ?? '')),
      /line 3: must be "run-.*-1"/,
      '/run/runId',
      400,
    ],
    [
      'a cell of another soak',
      () =>
        changed((_, { run }) => {
          run.cell.sessions = 11;
        }),
      /line 3: must be \{/,
      '/run/cell',
      400,
    ],
    [
      'a run that is not done',
      () =>
        changed((_, { run }) => {
          run.state = 'measuring';
        }),
      /must be "done"/,
      '/run/state',
      400,
    ],
    [
      'a result of another run',
      () =>
        changed((_, { result }) => {
          result.run.epoch = 9;
        }),
      /must be the same as \/run/,
      '/result/run',
      400,
    ],
    [
      'a result without its end',
      () =>
        changed((_, { result }) => {
          result.events = [];
        }),
      /must be "done"/,
      '/result/events',
      400,
    ],
    [
      'a result with a wrong field',
      () =>
        changed((_, { result }) => {
          result.notes = [7] as never;
        }),
      /line 3: /,
      '/result/notes/0',
      400,
    ],
    [
      'a histogram that is none',
      () =>
        changed((_, run) => {
          (
            fleetOf(run) as { figures: { final: { measured: { latency: { intended: string } } } } }
          ).figures.final.measured.latency.intended = 'x';
        }),
      /line 3: its histograms or stages cannot be read/,
      '/result',
      400,
    ],
    [
      'an end of other lines',
      () => file.toString().replace('"notes":[]', '"notes":["x"]'),
      /line 6: the preceding lines have sha256/,
      '/sha256',
      400,
    ],
    ['no end', () => file.subarray(0, file.lastIndexOf('{')), /without its line "end"/, '', 400],
    ['half a line', () => file.subarray(0, file.length / 2), /line \d: not JSON/, '', 400],
    [
      'more behind the end',
      () => Buffer.concat([file, file]),
      /line 7: nothing may follow/,
      '',
      400,
    ],
  ] as [string, () => string | Buffer, RegExp, string | null, number][]) {
    it(`is refused if it is ${name}, with line and field, and nothing is stored`, async () => {
      await away.bench.redis.flushall();
      const answer = await importInto(away, made());
      assert.equal(answer.statusCode, status, answer.body);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
      const { errors, detail: whole } = answer.json();
      if (pointer === null) assert.match(whole, detail);
      else {
        const found = errors.find((error: { pointer: string }) => error.pointer === pointer);
        assert.match(found?.detail ?? answer.body, detail);
      }
      assert.deepEqual(await keys(away), []);
    });
  }

  it('leaves nothing when the caller disconnects in the middle', async () => {
    await away.bench.redis.flushall();
    await away.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = away.app.server.address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/soaks/import HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n` +
        `content-type: application/x-ndjson\r\ncontent-length: ${file.length}\r\n\r\n`,
    );
    socket.write(file.subarray(0, file.length - 200));
    await until('some of it is staged', async () => (await keys(away)).length > 0);
    socket.destroy();
    await until('nothing of it is left', async () => (await keys(away)).length === 0);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual([...home.faults(), ...away.faults()], []);
  });
});
