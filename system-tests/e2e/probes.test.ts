// The real addon under Wine on a real agent, with one probe whose claim is made false and one that
// hangs: what becomes of the agent's notifiers, of soaks, and of the agent itself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AgentProbes, findProbe, PROBES, type Soak } from '@oversoak/contracts';
import { ApiClient } from 'oversoak/api/client';
import { hostProcesses, Oversoak, until } from './demo-process.ts';
import { PlantedCluster } from './planted-cluster.ts';

const FALSE_HERE = 'at-once-signals-event';
const HANGS = 'async-select-reports-arrival';
/** It comes later in the catalogue. */
const AFTER = 'cancel-ends-operations';

const soakOf = (notifier: string) => ({
  contentType: 'application/json' as const,
  text: JSON.stringify({
    name: `with-${notifier}`,
    matrix: { notifier: [notifier], sessions: [10] },
    // At the pace of the echoes: a busy machine is no reason to fail.
    workload: { pacing: 'closed' },
    phases: { rampUpSeconds: 0.5, warmUpSeconds: 0.5, measureSeconds: 1, drainSeconds: 2 },
  }),
});

describe('an agent with a probe that fails and one that hangs', () => {
  let cluster: PlantedCluster;
  let client: ApiClient;

  before(async () => {
    cluster = await PlantedCluster.start();
    client = new ApiClient(cluster.address);
  });
  after(async () => {
    await cluster?.stop();
  });

  const probes = (): Promise<AgentProbes> => client.probesOf(cluster.agentId);
  const answerOf = (from: AgentProbes, probe: string) => {
    const answer = from.answers.find(({ name }) => name === probe);
    assert.ok(answer !== undefined, `${probe} has no answer: ${JSON.stringify(from)}`);
    return answer;
  };

  test('it registers anyway, with an answer to each quick probe', async () => {
    const quick = PROBES.filter((probe) => probe.quick);
    await until(async () => (await probes()).answers.length >= quick.length, 'all quick probes');
    const from = await probes();
    assert.equal(from.platform.system, process.platform === 'win32' ? 'windows' : 'wine');
    assert.equal(answerOf(from, FALSE_HERE).outcome, 'does-not-hold');
    const hung = answerOf(from, HANGS);
    assert.equal(hung.outcome, 'inconclusive');
    assert.match(hung.note, /^it did not finish before its deadline; its process was killed$/);
    assert.ok(hung.elapsedMs >= (findProbe(HANGS)?.deadlineSeconds ?? Number.NaN) * 1000);
    // What came after the one that hung was tried in another process, if the time was enough.
    const after = answerOf(from, AFTER);
    assert.ok(after.outcome === 'holds' || after.note.startsWith('not tried: '), after.note);
    const failed = from.answers.filter(({ outcome }) => outcome === 'does-not-hold');
    assert.deepEqual(
      failed.map(({ name }) => name),
      [FALSE_HERE],
    );
    assert.deepEqual(await hostProcesses(cluster.folder), []);
  });

  test('the notifier that depends on the failed probe is not offered; the others are', async () => {
    const [agent] = await client.agents();
    const { notifiers } = agent?.environment.capabilities ?? { notifiers: [] };
    const withdrawn = notifiers.filter(({ works }) => !works);
    assert.deepEqual(
      withdrawn.map(({ name }) => name),
      ['event'],
    );
    assert.match(
      withdrawn[0]?.reason ?? '',
      /^probe at-once-signals-event does not hold: expected: /,
    );
    // An inconclusive probe withdraws nothing.
    assert.ok(findProbe(HANGS)?.notifiers.includes('async-select'));
  });

  test('a soak of it is refused by the name of the probe', async () => {
    await assert.rejects(client.submit(soakOf('event')), (error: Error) => {
      assert.match(error.message, /HTTP 422/);
      assert.match(
        error.message,
        /planted \(live; .*event does not work \(probe at-once-signals-event/,
      );
      return true;
    });
  });

  test('the command reports what failed, with its evidence, and exits with 1', async (t) => {
    const { url, token } = cluster.address;
    const api = ['--url', url, '--token', token];
    const command = await Oversoak.run('probe', FALSE_HERE, 'acceptex-pends', ...api);
    t.after(() => command.clearAway());
    assert.equal(await command.exitCode(), 1, command.output);
    assert.match(command.output, /^acceptex-pends +holds +callUs \S+ us, callError 997/m);
    assert.match(command.output, /^at-once-signals-event: does not hold\n {2}Claim +An operation/m);
    assert.match(command.output, /^ +signalled +no +the event was signalled$/m);
    assert.match(command.output, /^1 holds, 1 does not hold$/m);
    const agents = await Oversoak.run('agents', ...api);
    t.after(() => agents.clearAway());
    assert.equal(await agents.exitCode(), 0, agents.output);
    assert.match(agents.output, /not event \(probe at-once-signals-event does not hold: expected/);
  });

  test('a requested probe that hangs is killed too, and the rest continue', async () => {
    await client.probe({ agents: [cluster.agentId], names: [HANGS, AFTER] });
    await until(async () => (await probes()).requested.length === 0, 'the answers');
    const from = await probes();
    assert.match(answerOf(from, HANGS).note, /^it did not finish before its deadline/);
    assert.equal(answerOf(from, AFTER).outcome, 'holds');
    assert.deepEqual(await hostProcesses(cluster.folder), []);
  });

  /** Again where the fleet could not send in time. */
  async function soakOnIdleMachine(tries = 4): Promise<Soak> {
    const { soakId } = await client.submit(soakOf('async-select'));
    let soak = await client.soak(soakId);
    await until(async () => {
      soak = await client.soak(soakId);
      return soak.state === 'done';
    }, 'the soak to be done');
    const busy = JSON.stringify(soak).includes('generator saturated');
    return busy && tries > 1 ? soakOnIdleMachine(tries - 1) : soak;
  }

  test('other soaks run on it, and it answers further probes', async () => {
    const soak = await soakOnIdleMachine();
    assert.equal(soak.verdict, 'passed', JSON.stringify(soak));
    await client.probe({ agents: [cluster.agentId], names: ['wait-takes-64-handles'] });
    await until(async () => (await probes()).requested.length === 0, 'the answer');
    assert.equal(answerOf(await probes(), 'wait-takes-64-handles').outcome, 'holds');
  });
});
