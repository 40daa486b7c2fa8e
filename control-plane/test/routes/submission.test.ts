import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Soak } from '@oversoak/contracts';
import { submittedSpec, TARGET } from '@oversoak/testing/builders/made-figures';
import { Value } from 'typebox/value';
import { ApiBench, PROBLEM, pointers } from '../api-bench.ts';

describe('a submission', () => {
  let bench: ApiBench;

  before(async () => {
    bench = await ApiBench.start();
  });
  after(() => bench.stop());

  it('accepts a soak as JSON or YAML, fills in defaults and queues its runs', async () => {
    const json = await bench.submitted();
    assert.equal(json.spec.workload.echoTimeoutMs, 5000);
    assert.equal(Value.Check(Soak, json), true);
    const yaml = await bench.postYaml(
      'name: from yaml\nmatrix: {notifier: [iocp, event], sessions: [10]}\n' +
        'workload: {ratePerSecond: 2000}\nphases: {measureSeconds: 0.05, rampUpSeconds: 0, ' +
        'warmUpSeconds: 0, drainSeconds: 0}\nrepeats: 2\n',
    );
    assert.equal(yaml.statusCode, 201, yaml.body);
    const soak = yaml.json<Soak>();
    assert.equal(yaml.headers.location, `/v1/soaks/${soak.soakId}`);
    assert.deepEqual(
      soak.runs.map(({ cell, repeat }) => `${cell.notifier} ${repeat}`),
      ['iocp 1', 'event 1', 'event 2', 'iocp 2'],
    );
    await bench.done(json.soakId);
    await bench.done(soak.soakId);
  });

  it('reports all problems of a spec at once, each with its field and the valid values', async () => {
    const before = await bench.stored();
    const answer = await bench.post({
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
    assert.match(
      details[3],
      /valid: protocol, minFrameBytes, maxFrameBytes, responseBytes, pacing/,
    );
    assert.equal(await bench.stored(), before);
  });

  it('names line and column of a YAML syntax error', async () => {
    const answer = await bench.postYaml('name: "x\nmatrix: [1, 2\n');
    assert.equal(answer.statusCode, 400);
    assert.match(answer.json().errors[0].detail, /^line \d+, column \d+: /);
  });

  for (const [name, payload, type] of [
    ['broken JSON', '{"name": ', 'application/json'],
    ['no body', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a list', '[1]', 'application/yaml'],
    ['a loop of aliases', 'a: &a [*a, *b]', 'application/yaml'],
    ['YAML of 5,000 brackets', '['.repeat(5000), 'application/yaml'],
    ['YAML of 5,000 dashes', '- '.repeat(5000), 'application/yaml'],
    ['YAML of 5,000 braces', '{a: '.repeat(5000), 'application/yaml'],
    ['JSON of 5,000 brackets', `${'['.repeat(5000)}${']'.repeat(5000)}`, 'application/json'],
    [
      'a key that comes twice',
      '{"name": "a", "thresholds": ["x"], "thresholds": []}',
      'application/json',
    ],
    ['an unknown type', 'x', 'text/plain'],
    ['too much', `"${'x'.repeat(300_000)}"`, 'application/json'],
  ] as const) {
    it(`refuses ${name} as a problem and stores nothing`, async () => {
      const before = await bench.stored();
      const answer = await bench.call('POST', '/v1/soaks', {
        payload,
        headers: { 'content-type': type },
      });
      assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, answer.body);
      assert.match(String(answer.headers['content-type']), PROBLEM);
      assert.equal(await bench.stored(), before);
    });
  }

  it('refuses bytes that are not UTF-8, with their place', async () => {
    for (const type of ['application/json', 'application/yaml']) {
      const text = JSON.stringify({ ...submittedSpec(), name: 'caf\u00e9' });
      const payload = Buffer.from(`\n${text}`, 'latin1');
      const headers = { 'content-type': type };
      const answer = await bench.call('POST', '/v1/soaks', { payload, headers });
      assert.equal(answer.statusCode, 400, answer.body);
      const place = `line 2: byte 0xE9 at offset ${payload.indexOf(0xe9)} is not UTF-8`;
      assert.deepEqual(answer.json().errors, [
        { pointer: '', detail: `${place}; save the text as UTF-8` },
      ]);
    }
  });

  it('refuses a cell that no live agent can run, with the capabilities of all', async () => {
    const before = await bench.stored();
    const answer = await bench.post({
      ...submittedSpec(),
      matrix: { notifier: ['iocp', 'completion-routine'], sessions: [10, 20] },
    });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(pointers(answer.json()), ['/matrix/notifier/1']);
    const [{ detail }] = answer.json().errors;
    assert.match(detail, /completion-routine × homo: no live agents can run it/);
    assert.match(
      detail,
      /agent-a \(live; 1 slot; platform: windows; notifiers: iocp, completion-routine does not/,
    );
    assert.match(detail, /agent-b/);
    for (const more of [
      { fault: { dropEvery: 5 } },
      { fleet: { agents: 2 } },
      { placement: { server: { os: 'windows' } } },
    ]) {
      const refused = await bench.post({ ...submittedSpec(), ...more });
      assert.equal(refused.statusCode, 422, JSON.stringify(more));
    }
    assert.equal(await bench.stored(), before);
  });

  it('refuses a run that would last longer than the setting allows', async () => {
    const before = await bench.stored();
    const day = 86_400;
    const phases = { rampUpSeconds: 3600, warmUpSeconds: day, measureSeconds: 30 * day };
    const drain = { drainSeconds: 3600 };
    const answer = await bench.post({ ...submittedSpec(), phases: { ...phases, ...drain } });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(answer.json().errors, [
      {
        pointer: '/phases',
        detail:
          'add up to 2685600 s a run; at most 2678400 s: ' +
          'OVERSOAK_MAX_RUN_SECONDS of the control plane',
      },
    ]);
    assert.equal(await bench.stored(), before);
  });

  it('refuses a target that no agent allows, by name', async () => {
    const before = await bench.stored();
    const target = { ...TARGET, host: '192.168.7.7' };
    const answer = await bench.post({ ...submittedSpec(), matrix: { sessions: [10] }, target });
    assert.equal(answer.statusCode, 422);
    assert.deepEqual(pointers(answer.json()), ['/target']);
    const [{ detail }] = answer.json().errors;
    assert.match(
      detail,
      /192\.168\.7\.7:7000 is not among the targets \(OVERSOAK_TARGETS\) of agent-a, agent-b;/,
    );
    assert.equal(await bench.stored(), before);
  });

  it('had only responses that match the OpenAPI document', () => {
    assert.deepEqual(bench.faults(), []);
  });
});
