// The API that the command talks to in its tests.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedAgent, ScheduleEntry, SoakSummary, Verdict } from '@oversoak/contracts';
import { fakeApi } from '@oversoak/testing/api/fake-api';
import { doneRun } from '@oversoak/testing/builders/results';
import { comparedCell, comparison, run, SPEC, soak } from '@oversoak/testing/builders/soaks';
import { stateEvent } from './api/event-stream.ts';
import { soakDifference, trend } from './differences.ts';

export const folder = await mkdtemp(join(tmpdir(), 'oversoak-cli-'));
export const spec = join(folder, 'spec.yaml');
await writeFile(spec, 'name: demo\n');

export const verdicts: Record<string, Verdict | null> = {
  'soak-passed': 'passed',
  'soak-failed': 'failed',
  'soak-inconclusive': 'inconclusive',
  'soak-cancelled': 'cancelled',
  'soak-open': null,
};
const doneSoak = (soakId: string, verdict: Verdict | null) =>
  soak([run('run-1', 'done')], { soakId, verdict, state: 'done' });
/** With the characters that XML and workflow commands have to escape. */
const toldOf = (verdict: Verdict | null) =>
  verdict === 'failed'
    ? { verdict, reasons: ['p99 is 80 ms, threshold < 50 ms & "every" window'] }
    : { verdict };
const worse = soakDifference().cells;
const same = worse.map((cell) => ({
  ...cell,
  metrics: cell.metrics.map((metric) => ({ ...metric, difference: 'none' as const })),
}));
const once = worse.map((cell) => ({
  ...cell,
  metrics: cell.metrics.map((metric) => ({ ...metric, difference: 'unknown' as const })),
}));
const others: Record<string, unknown> = { 'soak-same': same, 'soak-once': once, 'soak-other': [] };
const against = { baseline: 'main', soakId: 'soak-1', differs: [], cells: worse };
export const gang = [
  { agentId: 'agent-a', role: 'server' as const },
  { agentId: 'agent-a', role: 'fleet' as const },
];
export const running = soak([run('run-4', 'done', { gang }), run('run-5', 'measuring', { gang })], {
  soakId: 'soak-running',
});
export const listed = (soakId: string, state: SoakSummary['state']): SoakSummary => ({
  ...{ soakId, name: 'demo', createdAtMs: 0, state, verdict: null, runs: 2, runsDone: 1 },
});
/** What a test changes. */
export const state: { agents: Partial<ListedAgent>[]; lost: number } = { agents: [], lost: 0 };
export const entry: ScheduleEntry = {
  tickAtMs: Date.parse('2027-03-28T01:00Z'),
  cause: 'late',
  outcome: 'submitted',
  soakId: 'soak-passed',
  verdict: 'passed',
  note: '3 h late',
  webhook: null,
};
export const skipped: ScheduleEntry = { ...entry, outcome: 'skipped', soakId: null, verdict: null };
export const nightly = {
  name: 'nightly',
  cron: '0 2 * * *',
  timeZone: 'Asia/Seoul',
  nextAtMs: Date.parse('2027-03-28T17:00Z'),
  last: entry,
  stopped: null,
};
export const api = await fakeApi({
  'GET /v1/schedules': () => ({
    json: {
      schedules: [
        nightly,
        { ...nightly, name: 'off', nextAtMs: null, last: null },
        { ...nightly, name: 'still', stopped: 'its tick is 3 h overdue' },
      ],
    },
  }),
  'GET /v1/schedules/nightly': () => ({ json: nightly }),
  'PUT /v1/schedules/nightly': () => ({ status: 201, json: nightly }),
  'DELETE /v1/schedules/nightly': () => ({ status: 204, text: '', type: 'text/plain' }),
  'POST /v1/schedules/nightly/run': () => {
    // The API made the soak, and the connection broke before it could say so.
    if (state.lost++ === 0) return 'break the connection';
    return { status: 201, json: soak([run('run-1', 'queued')], { soakId: 'soak-passed' }) };
  },
  'GET /v1/schedules/nightly/history?limit=20': () => ({ json: { entries: [skipped, entry] } }),
  'POST /v1/soaks': ({ body }) =>
    body === 'name: demo\n'
      ? { status: 201, json: soak([run('run-1', 'queued')], { soakId: 'soak-passed' }) }
      : {
          status: 400,
          json: {
            title: 'Bad Request',
            detail: 'the spec is not valid',
            errors: [
              { pointer: '/matrix/notifier/0', detail: 'must be one of iocp, event' },
              { pointer: '', detail: 'has no property "nam"; valid: name, matrix' },
            ],
          },
        },
  ...Object.fromEntries(
    Object.entries(verdicts).map(([id, verdict]) => [
      `GET /v1/soaks/${id}`,
      () => ({ json: doneSoak(id, verdict) }),
    ]),
  ),
  'GET /v1/soaks/soak-against': () => ({
    json: { ...doneSoak('soak-against', 'passed'), against: { baseline: 'main', spec: SPEC } },
  }),
  'GET /v1/soaks/soak-against/comparison': () => ({
    json: comparison([comparedCell('iocp')], { soakId: 'soak-against', against }),
  }),
  ...Object.fromEntries(
    Object.entries(others).map(([id, cells]) => [
      `GET /v1/comparisons?left=baseline%3Amain&right=${id}`,
      () => ({ json: { ...soakDifference(), cells } }),
    ]),
  ),
  'POST /v1/soaks/soak-passed/cancel': () => ({
    status: 202,
    json: soak([run('run-1', 'done')], { soakId: 'soak-passed', state: 'done', verdict: 'passed' }),
  }),
  'POST /v1/soaks/soak-running/cancel': () => ({ status: 202, json: running }),
  'GET /v1/soaks/soak-running': () => ({ json: running }),
  'DELETE /v1/soaks/soak-passed': () => ({ status: 204, text: '', type: 'text/plain' }),
  'DELETE /v1/soaks/soak-running': () => ({
    status: 409,
    json: { title: 'Conflict', detail: 'soak "soak-running" is not done; cancel it first' },
  }),
  'GET /v1/soaks?limit=2&state=done&name=de&schedule=nightly': () => ({
    json: { soaks: [listed('soak-passed', 'done')], nextCursor: 'soak-passed' },
  }),
  'GET /v1/soaks?limit=1&cursor=soak-passed&state=done&name=de&schedule=nightly': () => ({
    json: { soaks: [], nextCursor: null },
  }),
  'GET /v1/soaks?limit=100&state=running': () => ({
    json: { soaks: [listed('soak-running', 'running')], nextCursor: null },
  }),
  'GET /v1/soaks?limit=100': () => ({
    json: { soaks: [listed('soak-passed', 'done')], nextCursor: 'soak-passed' },
  }),
  'GET /v1/soaks?limit=100&cursor=soak-passed': () => ({
    json: { soaks: [listed('soak-running', 'running')], nextCursor: null },
  }),
  'GET /v1/soaks?limit=1': () => ({
    json: { soaks: [listed('soak-passed', 'done')], nextCursor: 'soak-passed' },
  }),
  'GET /v1/soaks?limit=20&cursor=soak-passed': () => ({
    json: { soaks: [listed('soak-running', 'running')], nextCursor: null },
  }),
  'GET /v1/runs/run-1': () => ({ json: doneRun() }),
  'POST /v1/agents/agent-a/drain': () => ({ json: state.agents[0] }),
  'DELETE /v1/agents/agent-a/drain': () => ({ json: state.agents[0] }),
  'POST /v1/agents/agent-b/drain': () => ({ status: 204, text: '', type: 'text/plain' }),
  'GET /v1/runs/run-1/events': () => ({ text: stateEvent('1', 'done'), type: 'text/event-stream' }),
  'GET /v1/agents': () => ({ json: { agents: state.agents } }),
  'GET /v1/comparisons?left=baseline%3Amain&right=soak-2': ({ headers }) =>
    headers.accept === 'application/json'
      ? { json: soakDifference() }
      : { text: `as ${headers.accept}\n`, type: headers.accept ?? '' },
  'GET /v1/baselines': () => ({ json: { baselines: [] } }),
  'PUT /v1/baselines/main': ({ body }) => ({ json: { name: 'main', ...JSON.parse(body) } }),
  'DELETE /v1/baselines/main': () => ({ status: 204, text: '', type: 'text/plain' }),
  'GET /v1/schedules/nightly/trend': () => ({ json: trend() }),
  'GET /v1/schedules/steady/trend': () => ({ json: trend({ series: [], regression: false }) }),
  'GET /v1/schedules/suspect/trend': () => ({
    json: trend({
      series: trend().series.filter(({ state }) => state === 'suspect'),
      regression: false,
    }),
  }),
  ...Object.fromEntries(
    Object.keys(verdicts).map((id) => [
      `GET /v1/soaks/${id}/report`,
      () => ({ text: `<!doctype html>${id}`, type: 'text/html' }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(verdicts).map(([id, verdict]) => [
      `GET /v1/soaks/${id}/comparison`,
      ({ headers }: { headers: { accept?: string } }) =>
        headers.accept === 'text/csv'
          ? { text: 'key,p99\niocp.homo.100,1.9\n', type: 'text/csv' }
          : headers.accept === 'text/markdown'
            ? { text: 'as text/markdown\n', type: 'text/markdown' }
            : {
                json: comparison([comparedCell('iocp', toldOf(verdict))], { soakId: id, verdict }),
              },
    ]),
  ),
});
