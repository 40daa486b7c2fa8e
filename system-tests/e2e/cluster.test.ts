// A real cluster of `oversoak start`: a cancelled gang is gone within two seconds, and an agent that
// dies comes back.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { readIdentity } from '@oversoak/agent/identity/identity-file';
import type { Sample } from '@oversoak/contracts';
import { type ApiAddress, ApiClient } from 'oversoak/api/client';
import { agentProcess, hostProcesses, isAlive, Oversoak, until } from './demo-process.ts';
import { CTRL_C, ENTER, OnTerminal } from './terminal-process.ts';

/** What is promised for a cancel, from the request until the last host process is gone. */
const PROMISED_MS = 2_000;

const SPEC = {
  name: 'cancelled',
  matrix: { notifier: ['iocp'], sessions: [200] },
  workload: { ratePerSecond: 500, overSend: 4 },
  phases: { rampUpSeconds: 1, warmUpSeconds: 0.5, measureSeconds: 3_600, drainSeconds: 60 },
};

let start: Oversoak;
let folder: string;
let address: ApiAddress;
let client: ApiClient;

before(async () => {
  start = await Oversoak.run('start', '--port', '0');
  await start.says(/^Token +\S+$/m);
  const said = (name: string) =>
    start.output.match(new RegExp(`^${name} +(\\S+)$`, 'm'))?.[1] ?? '';
  address = { url: said('API'), token: said('Token') };
  client = new ApiClient(address);
  ({ folder } = await start.footprint());
});
after(async () => {
  start.pressCtrlC();
  await start.exitCode();
  await start.clearAway();
});

test('its agents have joined, each with an identity of its own', async () => {
  const [agents, enrolments] = await Promise.all([client.agents(), client.enrolments()]);
  const ids = agents.map(({ agentId }) => agentId);
  assert.deepEqual(
    enrolments.map(({ agentId }) => agentId),
    ids,
  );
  // Reading refuses a file that others can read.
  const users = ids.map((id) => readIdentity(join(folder, id, 'identity.json')).redis.user);
  assert.deepEqual(
    users,
    ids.map((id) => `oversoak-agent-${id}.1`),
  );
});

async function samples(runId: string): Promise<Sample[]> {
  const answer = await fetch(`${address.url}/v1/runs/${runId}/samples?limit=1000`, {
    headers: { authorization: `Bearer ${address.token}` },
  });
  return ((await answer.json()) as { samples: Sample[] }).samples;
}

/** Waits until the soak's one run measures; answers what a cancel must leave. */
async function measuring(soakId: string) {
  let runId = '';
  await until(async () => {
    const [run] = (await client.soak(soakId)).runs;
    runId = run?.runId ?? '';
    return (await samples(runId)).some(({ phase }) => phase === 'measuring');
  }, `${soakId} to measure`);
  const hosts = await hostProcesses(folder);
  assert.equal(hosts.length, 2, 'a host process for the server and one for the fleet');
  return { runId, hosts, before: (await samples(runId)).length };
}

/** Asserts that the soak is done and its host processes are gone in time after `requestedMs`. */
async function assertGone(
  t: TestContext,
  soakId: string,
  hosts: readonly number[],
  requestedMs: number,
): Promise<void> {
  await until(async () => {
    const alive = await Promise.all(hosts.map(isAlive));
    return !alive.includes(true) && (await client.soak(soakId)).state === 'done';
  }, `${soakId} to be done, and its host processes to be gone`);
  const tookMs = performance.now() - requestedMs;
  t.diagnostic(`done and gone after ${Math.round(tookMs)} ms`);
  assert.ok(tookMs < PROMISED_MS, `${tookMs} ms`);
}

async function assertCancelled(soakId: string, runId: string, before: number): Promise<void> {
  const { verdict, runs } = await client.soak(soakId);
  assert.equal(verdict, 'cancelled');
  assert.deepEqual(runs[0]?.judgement?.reasons, ['cancelled by request']);
  assert.ok((await samples(runId)).length >= before, 'samples are kept');
  const slots = (await client.agents()).map(({ slotsUsed }) => slotsUsed);
  assert.deepEqual(slots, [0, 0, 0], 'the agents are free');
}

test('a cancel ends a gang within two seconds: cancelled, samples kept, agents free', async (t) => {
  const text = { text: JSON.stringify(SPEC), contentType: 'application/json' as const };
  const { soakId } = await client.submit(text);
  const { runId, hosts, before } = await measuring(soakId);
  const requestedMs = performance.now();
  await client.cancel(soakId);
  await assertGone(t, soakId, hosts, requestedMs);
  await assertCancelled(soakId, runId, before);
  assert.equal((await client.cancel(soakId)).verdict, 'cancelled', 'once more changes nothing');
});

test('Ctrl-C in submit --watch asks, and "c" does the same', async (t) => {
  const specFolder = await mkdtemp(join(tmpdir(), 'oversoak-spec-'));
  t.after(() => rm(specFolder, { recursive: true }));
  const file = join(specFolder, 'spec.json');
  await writeFile(file, JSON.stringify(SPEC));
  const { url, token } = address;
  const terminal = new OnTerminal(['submit', file, '--watch', '--url', url, '--token', token]);
  t.after(() => terminal.clearAway());
  await terminal.says(/Submitted (soak-\w+): 1 run of /);
  const soakId = terminal.text.match(/Submitted (soak-\w+):/)?.[1] ?? '';
  const { runId, hosts, before } = await measuring(soakId);
  terminal.type(CTRL_C);
  await terminal.says(/Cancel the soak \(c\)/);
  const requestedMs = performance.now();
  terminal.type(`c${ENTER}`);
  await assertGone(t, soakId, hosts, requestedMs);
  await assertCancelled(soakId, runId, before);
  assert.equal(await terminal.exitCode(), 2);
  assert.match(terminal.text, /Verdict: cancelled/);
});

test('a killed agent loses its run, is reported as lost, and serves the next one after its restart', async () => {
  const text = { text: JSON.stringify(SPEC), contentType: 'application/json' as const };
  const { soakId } = await client.submit(text);
  await measuring(soakId);
  const find = async () => (await client.agents()).find(({ agentId }) => agentId === 'agent-a');
  const first = await find();
  process.kill(await agentProcess(folder, 'agent-a'), 'SIGKILL');
  await start.says(/agent-a was ended by SIGKILL.*It starts again in 1 s\./s);
  await until(async () => (await client.soak(soakId)).state === 'done', `${soakId} to end`);
  assert.equal((await client.soak(soakId)).verdict, 'inconclusive');
  await until(async () => {
    const again = await find();
    return again?.live === true && again.incarnation !== first?.incarnation;
  }, 'agent-a to be back');
  const phases = { ...SPEC.phases, measureSeconds: 2, drainSeconds: 5 };
  const next = await client.submit({ ...text, text: JSON.stringify({ ...SPEC, phases }) });
  await until(
    async () => (await client.soak(next.soakId)).state === 'done',
    'the next soak to end',
  );
  // A machine that is busy with other work may be too slow for the fleet.
  const { verdict, runs } = await client.soak(next.soakId);
  const reasons = runs[0]?.judgement?.reasons.join() ?? '';
  assert.ok(verdict === 'passed' || /generator saturated/.test(reasons), `${verdict}: ${reasons}`);
});
