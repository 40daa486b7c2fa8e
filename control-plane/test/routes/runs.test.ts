import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Comparison } from '@oversoak/contracts';
import { submittedSpec } from '@oversoak/testing/builders/made-figures';
import { until } from '@oversoak/testing/waiting/until';
import { Value } from 'typebox/value';
import { runSamplesKey } from '../../src/store/names.ts';
import { ApiBench, authorization } from '../api-bench.ts';

describe('runs', () => {
  let bench: ApiBench;

  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  it('returns runs with their results, samples and a comparison as JSON and CSV', async () => {
    const { soakId, runs } = await bench.submitted({ ...submittedSpec(), repeats: 2 });
    const early = (await bench.call('GET', `/v1/soaks/${soakId}/comparison`)).json<Comparison>();
    assert.equal(early.complete, false);
    assert.equal((await bench.done(soakId)).verdict, 'passed');

    const run = (await bench.call('GET', `/v1/runs/${runs[0]?.runId}`)).json();
    assert.equal(run.judgement.verdict, 'passed');
    assert.equal(run.result.server.role, 'server');
    assert.deepEqual(Object.keys(run.result.fleets), ['agent-b']);

    const page = (await bench.call('GET', `/v1/runs/${runs[0]?.runId}/samples?limit=1`)).json();
    assert.equal(page.samples.length, 1);
    const next = `/v1/runs/${runs[0]?.runId}/samples?cursor=${page.nextCursor}`;
    assert.equal((await bench.call('GET', next)).json().samples.length, 1);

    const url = `/v1/soaks/${soakId}/comparison`;
    const comparison = (await bench.call('GET', url)).json<Comparison>();
    assert.equal(Value.Check(Comparison, comparison), true);
    assert.equal(comparison.cells[0]?.echoes, 2000);
    const csv = await bench.call('GET', url, { headers: { accept: 'text/csv' } });
    assert.match(String(csv.headers['content-type']), /^text\/csv/);
    assert.match(csv.body, /^soakId,name,key,notifier/);
    assert.equal((await bench.call('GET', `${url}?format=csv`)).body, csv.body);
    assert.equal((await bench.call('GET', `${url}?format=xml`)).statusCode, 400);
  });

  it('streams a run from its start or from an event, and ends after done', async () => {
    const { soakId, runs } = await bench.submitted();
    const url = `/v1/runs/${runs[0]?.runId}/events`;
    const stream = await bench.call('GET', url);
    await bench.done(soakId);
    assert.equal(stream.headers['content-type'], 'text/event-stream');
    const messages = stream.body.split('\n\n').filter((text) => text.startsWith('id: '));
    const kinds = messages.map((text) => /^event: (.*)$/m.exec(text)?.[1]);
    assert.equal(kinds.filter((kind) => kind === 'sample').length, 2);
    assert.match(messages[0] ?? '', /"state":"queued"/);
    assert.match(messages.at(-1) ?? '', /"state":"done".*"verdict":"passed"/);
    const at = messages[2] ?? '';
    const id = /^id: (.*)$/m.exec(at)?.[1] ?? '';
    const again = await bench.call('GET', url, { headers: { 'last-event-id': id } });
    assert.equal(again.body, `${messages.slice(3).join('\n\n')}\n\n`);
    const wrong = await bench.call('GET', url, { headers: { 'last-event-id': 'x' } });
    assert.equal(wrong.statusCode, 400);
    assert.equal((await bench.call('GET', '/v1/runs/none/events')).statusCode, 404);
  });

  it('ends a stream whose caller disconnects without reading', async () => {
    const long = { ...submittedSpec().phases, measureSeconds: 60 };
    const { soakId, runs } = await bench.submitted({ ...submittedSpec(), phases: long });
    const [runId = ''] = runs.map((run) => run.runId);
    const fields = await until('there is a sample', async () => {
      const [entry] = await bench.redis.xrange(runSamplesKey(runId), '-', '+', 'COUNT', 1);
      return entry?.[1] ?? null;
    });
    const filling = bench.redis.pipeline();
    for (let count = 0; count < 5000; count++) filling.xadd(runSamplesKey(runId), '*', ...fields);
    await filling.exec();
    const connections = async () => String(await bench.redis.client('LIST')).split('\n').length;
    const before = await connections();
    await bench.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = bench.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const head = `GET /v1/runs/${runId}/events HTTP/1.1\r\nhost: x\r\n`;
    socket.write(`${head}authorization: ${authorization}\r\n\r\n`);
    await once(socket, 'readable');
    await until('it has a connection to Redis', async () => (await connections()) > before);
    socket.destroy();
    await until('it has none', async () => (await connections()) === before);
    await bench.call('POST', `/v1/soaks/${soakId}/cancel`);
    await bench.done(soakId);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
