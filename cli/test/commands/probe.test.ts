import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PROBE_NAMES } from '@oversoak/contracts';
import { fakeApi } from '@oversoak/testing/api/fake-api';
import { madeAnswer, madeProbes } from '../probes.ts';
import { runsProgram } from '../runs-program.ts';

const api = await fakeApi({
  'POST /v1/probes': ({ body }) => {
    const { agents = ['agent-a'], names = PROBE_NAMES } = JSON.parse(body);
    if (agents[0] === 'nobody') {
      const errors = [{ pointer: '/agents/0', detail: 'no agent "nobody"; live agents: agent-a' }];
      return { status: 422, json: { title: 'Refused', detail: 'nobody can be requested', errors } };
    }
    const requested = agents.map((agentId: string) => ({ agentId, names }));
    return { status: 202, json: { requestedAtMs: 1, requested } };
  },
  'GET /v1/agents': () => ({
    json: { agents: ['agent-a', 'agent-b', 'agent-c'].map((agentId) => ({ agentId })) },
  }),
  'GET /v1/agents/agent-a/probes': () => ({ json: madeProbes() }),
  'GET /v1/agents/agent-b/probes': () => ({
    json: madeProbes({
      agentId: 'agent-b',
      answers: [
        madeAnswer('routine-beats-event', 'does-not-hold', { note: 'expected: the routine runs' }),
      ],
    }),
  }),
  'GET /v1/agents/agent-c/probes': () => ({
    json: madeProbes({
      ...{ agentId: 'agent-c', live: false, answers: [] },
      requested: [{ name: 'acceptex-pends', requestedAtMs: 1, startedAtMs: null }],
    }),
  }),
});
after(() => api.stop());

const oversoak = runsProgram(api.url);

test('probe requests every probe from every live agent and shows the answers', async () => {
  const { code, out } = await oversoak(['probe']);
  assert.equal(code, 0);
  assert.match(out, /^agent-a: acceptex-pends holds$/m);
  assert.match(out, new RegExp(`^${PROBE_NAMES.length} hold$`, 'm'));
  const sent = api.seen.findLast(({ path }) => path === '/v1/probes');
  assert.equal(sent?.body, '{}');
});

test('probe requests some probes from some agents; a failed claim gives exit code 1', async () => {
  const named = ['acceptex-pends', 'routine-beats-event'];
  const { code, out } = await oversoak([
    'probe',
    ...named,
    '--agent',
    'agent-a',
    '--agent',
    'agent-b',
  ]);
  assert.equal(code, 1);
  assert.match(out, /^2 hold$/m);
  assert.match(
    out,
    /^routine-beats-event: does not hold\n {2}Claim .*\n {2}Note {4}expected: the r/m,
  );
  const sent = api.seen.findLast(({ path }) => path === '/v1/probes');
  assert.deepEqual(JSON.parse(sent?.body ?? ''), { agents: ['agent-a', 'agent-b'], names: named });
});

test('probe exits with 2 if an agent is lost, and refuses unknown names', async () => {
  const lost = await oversoak(['probe', 'acceptex-pends', '--agent', 'agent-c']);
  assert.equal(lost.code, 2);
  assert.match(lost.out, /1 without an answer \(the agent was lost\)/);
  const unknown = await oversoak(['probe', 'recv-pends']);
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.err,
    /'recv-pends' is invalid.*Allowed choices are overlapped-receive-pends/,
  );
  const nobody = await oversoak(['probe', '--agent', 'nobody']);
  assert.equal(nobody.code, 2);
  assert.match(nobody.err, /agents\/0: no agent "nobody"; live agents: agent-a/);
  const both = await oversoak(['probe', '--own-cluster', '--agent', 'agent-a']);
  assert.equal(both.code, 2);
  assert.match(both.err, /need an existing cluster/);
});

test('probe --latest requests nothing, and --json prints machine-readable output', async () => {
  const before = api.seen.length;
  const { code, out } = await oversoak([
    'probe',
    '--latest',
    '--json',
    '-',
    '--agent',
    'agent-b',
    'routine-beats-event',
  ]);
  assert.equal(code, 1);
  const [probes] = JSON.parse(out).agents;
  assert.deepEqual([probes.agentId, probes.answers.length], ['agent-b', 1]);
  assert.deepEqual(
    api.seen.slice(before).map(({ method, path }) => `${method} ${path}`),
    ['GET /v1/agents', 'GET /v1/agents/agent-b/probes'],
  );
  const open = await oversoak(['probe', '--latest', '--agent', 'agent-c']);
  assert.equal(open.code, 0);
});
