import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  AGENTS_KEY,
  addLoads,
  type FleetResult,
  leaseKey,
  ledgerBalances,
  loadBalances,
  Registration,
  readHistogram,
  registrationKey,
  Sample,
  samplesKey,
} from '@oversoak/contracts';
import { BEHAVIOUR, CRASH_EXIT_CODE } from '@oversoak/testing/dry/engine';
import { Compile } from 'typebox/compile';
import { type Agent, startAgent } from '../src/agent.ts';
import { Cluster, PLUGIN } from './cluster.ts';
import { abort, assignFleet, assignServer, SHORT, start } from './jobs.ts';

const LONG = { ...SHORT, measureSeconds: 600 };

describe('an agent with the dry engine', () => {
  let cluster: Cluster;
  let agent: Agent;

  before(async () => {
    cluster = await Cluster.start();
    agent = await startAgent(cluster.config());
  });
  after(async () => {
    await agent.stop();
    await cluster.stop();
  });

  it('registers and holds its lease', async () => {
    const stored: unknown = JSON.parse((await cluster.redis.get(registrationKey('agent-1'))) ?? '');
    assert.ok(Compile(Registration).Check(stored));
    assert.equal(stored.environment.addonVersion, '0.0.0-dry');
    assert.equal(await cluster.redis.get(leaseKey('agent-1')), stored.incarnation);
    assert.deepEqual(await cluster.redis.smembers(AGENTS_KEY), ['agent-1']);
  });

  it('runs the server and the fleet of one run from assign to finished', async () => {
    const phases = { ...SHORT, measureSeconds: 3 };
    await cluster.send(assignServer('run-a', { phases }));
    const server = await cluster.seen.wait('run-a', 'prepared');
    assert.equal(server.port, 40_000);
    assert.ok(Math.abs(server.clockOffsetMs) < 50);
    await cluster.send(assignFleet('run-a', { phases }));
    while (cluster.seen.of('run-a').length < 2) await cluster.seen.next();

    await cluster.send(start('run-a'));
    await cluster.seen.wait('run-a', 'finished');
    while (cluster.seen.of('run-a').length < 6) await cluster.seen.next();

    for (const role of ['server', 'fleet'] as const) {
      const reports = cluster.seen.of('run-a').filter((report) => report.role === role);
      assert.deepEqual(
        reports.map((report) => report.kind),
        ['prepared', 'started', 'finished'],
      );
      const finished = reports.find((report) => report.kind === 'finished');
      assert.ok(finished !== undefined);
      const { result } = finished;
      assert.equal(result.role, role);
      assert.equal(result.series.windows.length, 3);
      const { measureStart, measureEnd } = result.figures;
      const engineSeconds = measureEnd.elapsedSeconds - measureStart.elapsedSeconds;
      assert.ok(engineSeconds > 0);
      assert.ok(Math.abs(result.measuredSeconds - engineSeconds) < 0.1);
      if (result.role === 'server') {
        const { histograms, contents } = result.figures.final;
        assert.equal(readHistogram(histograms.lockWait).totalCount, contents[0]?.handled);
        assert.deepEqual(Object.keys(histograms.queueWait), ['lobby']);
        continue;
      }
      const { final } = result.figures;
      assert.ok(ledgerBalances(final.ledger));
      assert.ok(result.figures.measureStart.ledger.sent < result.figures.measureEnd.ledger.sent);
      const { load, latency, stages } = final.measured;
      assert.ok(loadBalances(load), JSON.stringify(load));
      assert.ok(load.due > 0 && load.due < final.ledger.sent, 'of the measurement alone');
      assert.equal(readHistogram(latency.intended).totalCount, load.echoed);
      assert.equal(stages[0]?.count, load.echoed);
      const inWindows = addLoads(result.series.windows.map((window) => window.load));
      assert.ok(inWindows.echoed <= load.echoed);
    }
  });

  it('writes one valid sample per second and part, with the latency of its interval', async () => {
    const entries = await cluster.redis.xrange(samplesKey('agent-1'), '-', '+');
    const samples = entries
      .map(([, fields]) => JSON.parse(fields[1] ?? ''))
      .filter(({ runId }) => runId === 'run-a');
    for (const sample of samples) assert.ok(Compile(Sample).Check(sample));
    const [fleet] = samples.filter((sample) => sample.role === 'fleet');
    assert.equal(fleet.phase, 'measuring');
    // A timer may fire a millisecond early.
    assert.ok(fleet.sinceStartSeconds >= 0.99, `${fleet.sinceStartSeconds} s`);
    const counted = readHistogram(fleet.intervalLatency.intended).totalCount;
    assert.equal(counted, fleet.fleet.measured.load.echoed);
    assert.ok(samples.some((sample) => sample.role === 'server' && sample.server !== undefined));
  });

  it('reports a crash with its exit code and takes the next assignment', async () => {
    await cluster.send(assignServer('run-b', { behaviour: BEHAVIOUR.crashAtPrepare }));
    const early = await cluster.seen.wait('run-b', 'failed');
    assert.equal(early.exitCode, CRASH_EXIT_CODE);
    assert.match(early.reason, /while preparing: exit code 77/);

    await cluster.send(
      assignFleet('run-c', { behaviour: BEHAVIOUR.crashWhileRunning, phases: LONG }),
    );
    await cluster.seen.wait('run-c', 'prepared');
    await cluster.send(start('run-c'));
    const late = await cluster.seen.wait('run-c', 'failed');
    assert.equal(late.exitCode, CRASH_EXIT_CODE);
    assert.match(late.reason, /while running: exit code 77; it said: fatal: an impossible state/);

    await cluster.send(assignFleet('run-d'));
    await cluster.seen.wait('run-d', 'prepared');
    await cluster.send(start('run-d'));
    await cluster.seen.wait('run-d', 'finished');
  });

  it('reports why an engine refuses', async () => {
    await cluster.send(assignServer('run-e', { behaviour: BEHAVIOUR.refuseToStart }));
    const failed = await cluster.seen.wait('run-e', 'failed');
    assert.equal(failed.reason, 'WSAEADDRINUSE (10048)');
    assert.equal(failed.exitCode, undefined);
  });

  it('aborts a running part long before its end, even if its stop hangs', async () => {
    for (const behaviour of [1, BEHAVIOUR.hangOnStop]) {
      const runId = `run-abort-${behaviour}`;
      await cluster.send(assignFleet(runId, { behaviour, phases: LONG }));
      await cluster.seen.wait(runId, 'prepared');
      await cluster.send(start(runId));
      await cluster.seen.wait(runId, 'started');
      const requestedMs = performance.now();
      await cluster.send(abort(runId));
      const aborted = await cluster.seen.wait(runId, 'aborted');
      assert.equal(aborted.reason, 'cancelled');
      // A stop that hangs is killed after 1.5 s, on a machine that has time for it.
      assert.ok(performance.now() - requestedMs < 20_000);
    }
    assert.equal(agent.assignments.live.length, 0);
  });

  it('acknowledges the abort of an unknown run', async () => {
    await cluster.send(abort('run-unknown'));
    await cluster.seen.wait('run-unknown', 'aborted');
    // What the abort overtook is not begun any more.
    await cluster.send(assignServer('run-unknown'));
    await cluster.send(abort('run-fence'));
    await cluster.seen.wait('run-fence', 'aborted');
    assert.ok(!cluster.seen.kinds('run-unknown').includes('prepared'));
  });

  it('refuses old epochs and a start without a prepare, and counts them', async () => {
    const before = { ...agent.assignments.refused };
    await cluster.send(assignFleet('run-f', { epoch: 2, phases: LONG }));
    await cluster.seen.wait('run-f', 'prepared', 2);
    await cluster.send(assignFleet('run-f', { epoch: 1 }));
    await cluster.send(abort('run-f', 1));
    await cluster.send(start('run-nobody'));
    await cluster.send(abort('run-f', 2));
    await cluster.seen.wait('run-f', 'aborted', 2);
    assert.deepEqual(cluster.seen.kinds('run-f'), ['prepared', 'aborted']);
    assert.equal(agent.assignments.refused['old epoch'], before['old epoch'] + 2);
    assert.equal(agent.assignments.refused['not prepared'], before['not prepared'] + 1);
  });

  it('replaces an older epoch with a newer one', async () => {
    await cluster.send(assignFleet('run-g', { epoch: 1 }));
    await cluster.seen.wait('run-g', 'prepared', 1);
    await cluster.send(assignFleet('run-g', { epoch: 2 }));
    await cluster.seen.wait('run-g', 'aborted', 1);
    await cluster.seen.wait('run-g', 'prepared', 2);
    await cluster.send(abort('run-g', 2));
    await cluster.seen.wait('run-g', 'aborted', 2);
  });

  it('ignores repeated jobs', async () => {
    const assign = assignFleet('run-h');
    await cluster.send(assign);
    await cluster.send(assign);
    await cluster.seen.wait('run-h', 'prepared');
    const begin = start('run-h');
    await cluster.send(begin);
    await cluster.send(begin);
    await cluster.seen.wait('run-h', 'finished');
    await cluster.send(assign);
    await cluster.send(abort('run-h'));
    await cluster.seen.wait('run-h', 'aborted');
    assert.deepEqual(cluster.seen.kinds('run-h'), ['prepared', 'started', 'finished', 'aborted']);
  });

  it('fails an assignment when no slot becomes free, and one beyond the port budget', async () => {
    await cluster.send(assignFleet('run-i'));
    await cluster.send(assignFleet('run-j'));
    await cluster.send(assignFleet('run-k', { deadlineMs: Date.now() + 2_000 }));
    const refused = await cluster.seen.wait('run-k', 'failed');
    assert.match(refused.reason, /no slot became free before the deadline/);
    await cluster.send(abort('run-i'));
    await cluster.seen.wait('run-i', 'aborted');
    await cluster.send(assignFleet('run-l', { sessions: 60_000 }));
    const tooMany = await cluster.seen.wait('run-l', 'failed');
    assert.match(tooMany.reason, /60000 sessions in addition to 10 ports of other fleets/);
    await cluster.send(abort('run-j'));
    await cluster.seen.wait('run-j', 'aborted');
  });

  it('starts a waiting assignment when a slot becomes free', async () => {
    // Its stop hangs, so that it is killed a while after its abort.
    const hanging = { behaviour: BEHAVIOUR.hangOnStop, phases: LONG };
    for (const runId of ['run-q', 'run-r']) {
      await cluster.send(assignFleet(runId, hanging));
      await cluster.seen.wait(runId, 'prepared');
      await cluster.send(start(runId));
      await cluster.seen.wait(runId, 'started');
    }
    // Its abort may come behind it.
    await cluster.send(assignFleet('run-s'));
    await cluster.send(abort('run-q'));
    // The other slot does not end, so that there is one for the first alone.
    const deadlineMs = Date.now() + 2_500;
    await cluster.send(assignFleet('run-t', { deadlineMs }));
    await cluster.seen.wait('run-s', 'prepared');
    assert.match((await cluster.seen.wait('run-t', 'failed')).reason, /no slot became free/);
    const kinds = cluster.seen.all.map(({ runId, kind }) => `${runId} ${kind}`);
    assert.ok(kinds.indexOf('run-q aborted') < kinds.indexOf('run-s prepared'));

    // An abort reaches what waits, and it never begins.
    await cluster.send(abort('run-r'));
    await cluster.send(assignFleet('run-u'));
    await cluster.send(abort('run-u'));
    await cluster.seen.wait('run-u', 'aborted');
    await cluster.send(abort('run-s'));
    await cluster.seen.wait('run-s', 'aborted');
    await cluster.seen.wait('run-r', 'aborted');
    assert.deepEqual(cluster.seen.kinds('run-u'), ['aborted']);
  });

  it('refuses an assignment for an earlier process with its id', async () => {
    const before = agent.assignments.refused['other incarnation'];
    await cluster.sendAsIs(assignFleet('run-v'));
    await cluster.send(abort('run-w'));
    await cluster.seen.wait('run-w', 'aborted');
    assert.deepEqual(cluster.seen.of('run-v'), []);
    assert.equal(agent.assignments.refused['other incarnation'], before + 1);
  });

  const TARGET = { host: '127.0.0.1', port: 7000 };

  it('accepts a target that its configuration allows', async () => {
    await cluster.send(assignFleet('run-target', { target: TARGET }));
    await cluster.seen.wait('run-target', 'prepared');
    await cluster.send(start('run-target', { endpoint: TARGET }));
    await cluster.seen.wait('run-target', 'finished');
  });

  it('refuses a target that its own configuration does not allow', async () => {
    const before = agent.assignments.refused['target not allowed'];
    for (const [runId, target] of [
      ['run-other-port', { ...TARGET, port: 7001 }],
      ['run-other-host', { ...TARGET, host: '10.0.0.1' }],
    ] as const) {
      await cluster.send(assignFleet(runId, { target }));
      const { reason } = await cluster.seen.wait(runId, 'failed');
      const named = `${target.host}:${target.port}`;
      const allowed = 'OVERSOAK_TARGETS allows: 127.0.0.0/8:7000, [::1]:7000';
      assert.equal(reason, `${named} is not a target that ${allowed}`);
      assert.deepEqual(cluster.seen.kinds(runId), ['failed']);
    }
    assert.equal(agent.assignments.refused['target not allowed'], before + 2);
  });

  it('refuses a plug-in that its own configuration does not allow', async () => {
    const before = agent.assignments.refused['plug-in not allowed'];
    const { file, sha256 } = PLUGIN;
    for (const [runId, plugin] of [
      ['run-other-bytes', { file, sha256: 'b'.repeat(64) }],
      ['run-other-file', { file: 'other.so', sha256 }],
    ] as const) {
      const protocol = { plugin: { ...plugin, options: '' } };
      await cluster.send(assignFleet(runId, { target: TARGET, protocol }));
      const { reason } = await cluster.seen.wait(runId, 'failed');
      const named = `${plugin.file}=${plugin.sha256}`;
      const allowed = `OVERSOAK_PLUGINS allows: ${file}=${sha256}`;
      assert.equal(reason, `${named} is not a plug-in that ${allowed}`);
      assert.deepEqual(cluster.seen.kinds(runId), ['failed']);
    }
    assert.equal(agent.assignments.refused['plug-in not allowed'], before + 2);
  });

  it('says which plug-ins it allows, and not where they are', () => {
    const { file, sha256 } = PLUGIN;
    assert.deepEqual(agent.registration.plugins, [{ file, sha256 }]);
  });

  it('leaves out those that its system can never load', async () => {
    const path = join(cluster.spoolDir, 'foreign.so');
    const machine = process.arch === 'arm64' ? '\x3e' : '\xb7';
    writeFileSync(path, `${'\x7fELF\x02\x01\x01'.padEnd(18, '\0')}${machine}\0`, 'latin1');
    const foreign = { ...PLUGIN, path, file: 'foreign.so' };
    const agentId = 'agent-foreign';
    const other = await startAgent(cluster.config({ agentId, plugins: [foreign, PLUGIN] }));
    await other.stop();
    const { file, sha256 } = PLUGIN;
    assert.deepEqual(other.registration.plugins, [{ file, sha256 }]);
  });

  it('loads a target by name at the address that its configuration allows', async () => {
    const named = { ...TARGET, host: 'localhost' };
    await cluster.send(assignFleet('run-named', { target: named }));
    await cluster.seen.wait('run-named', 'prepared');
    await cluster.send(start('run-named', { endpoint: named }));
    const { result } = await cluster.seen.wait('run-named', 'finished');
    assert.equal((result as FleetResult).targetAddress, '127.0.0.1');
  });

  it('does not load a server other than the assigned target', async () => {
    await cluster.send(assignFleet('run-turned', { target: TARGET }));
    await cluster.seen.wait('run-turned', 'prepared');
    await cluster.send(start('run-turned', { endpoint: { ...TARGET, host: '10.0.0.1' } }));
    const { reason } = await cluster.seen.wait('run-turned', 'failed');
    assert.equal(
      reason,
      'the start names 10.0.0.1:7000, but the assigned target is 127.0.0.1:7000',
    );
    assert.ok(!cluster.seen.kinds('run-turned').includes('started'));
  });

  it('loads a server of another agent only in a network that its configuration allows', async () => {
    await cluster.send(assignFleet('run-aimed'));
    await cluster.seen.wait('run-aimed', 'prepared');
    await cluster.send(start('run-aimed', { endpoint: { host: '192.0.2.1', port: 40_000 } }));
    const { reason } = await cluster.seen.wait('run-aimed', 'failed');
    const allowed = 'OVERSOAK_PEERS allows: 127.0.0.0/8';
    assert.equal(reason, `192.0.2.1:40000 is not a server that ${allowed}`);
    assert.ok(!cluster.seen.kinds('run-aimed').includes('started'));
  });

  it('refuses planted faults if its own configuration does not allow them', async () => {
    await cluster.send(assignServer('run-fault', { fault: { dropEvery: 2 } }));
    const { reason } = await cluster.seen.wait('run-fault', 'failed');
    assert.match(reason, /OVERSOAK_ALLOW_FAULTS is not 1/);
    assert.equal(agent.assignments.refused['fault not allowed'], 1);
  });

  it('fails an assignment whose deadline has passed', async () => {
    await cluster.send(assignFleet('run-m', { deadlineMs: Date.now() - 1 }));
    const failed = await cluster.seen.wait('run-m', 'failed');
    assert.match(failed.reason, /after its deadline/);
  });

  it('refuses invalid jobs and continues', async () => {
    await cluster.send({ kind: 'assign', runId: 'run-n' });
    await cluster.send(abort('run-o'));
    await cluster.seen.wait('run-o', 'aborted');
    assert.deepEqual(cluster.seen.of('run-n'), []);
  });

  it('refuses a second agent with its id', async () => {
    await assert.rejects(
      startAgent(cluster.config()),
      /another agent runs with the id "agent-1".*OVERSOAK_AGENT_ID/,
    );
  });

  it('stops in order: aborts, reports and releases the lease', async () => {
    await cluster.send(assignFleet('run-p', { phases: LONG }));
    await cluster.seen.wait('run-p', 'prepared');
    await cluster.send(start('run-p'));
    await cluster.seen.wait('run-p', 'started');
    const requestedMs = performance.now();
    await agent.stop();
    assert.ok(performance.now() - requestedMs < 5_000);
    const aborted = await cluster.seen.wait('run-p', 'aborted');
    assert.equal(aborted.reason, 'the agent was stopped');
    assert.equal(await cluster.redis.get(leaseKey('agent-1')), null);
  });
});
