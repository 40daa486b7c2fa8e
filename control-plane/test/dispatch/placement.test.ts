import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notifier, Registration } from '@oversoak/contracts';
import { environment, linuxEnvironment, madeAgent } from '@oversoak/testing/builders/made-agents';
import { madeSpec, targetSpec } from '@oversoak/testing/builders/made-figures';
import { candidates, placementProblems, unplaceableReason } from '../../src/dispatch/placement.ts';
import type { Agent } from '../../src/store/agents.ts';

const cell = { notifier: 'event', layout: 'homo', sessions: 10 } as const;
const agent = (agentId: string, changes: Partial<Registration> = {}, live = true): Agent => ({
  ...madeAgent(agentId, changes),
  live,
});
const reason = (agents: Agent[], changes: Parameters<typeof madeSpec>[0] = {}) =>
  unplaceableReason(madeSpec(changes), cell, agents);

describe('unplaceableReason', () => {
  it('is null if one agent can be the server and another the fleet, busy or not', () => {
    assert.equal(reason([agent('a'), { ...agent('b'), slotsUsed: 1 }]), null);
  });

  it('accepts one agent with two slots for both, but not with one slot', () => {
    assert.equal(reason([agent('a', { slots: 2 })]), null);
    assert.match(reason([agent('a')]) ?? '', /no live agents can run it/);
  });

  it('tries every server: an agent that the fleet needs cannot be the server', () => {
    const serves = agent('a', { labels: { part: 'server' } });
    const both = agent('b', { labels: { part: 'server', also: 'fleet' } });
    const placement = { server: { part: 'server' }, fleet: { also: 'fleet' } };
    assert.equal(reason([both, serves], { placement }), null);
    assert.match(reason([both], { placement }) ?? '', /labels part=server/);
  });

  it('describes twenty agents of a large cluster, and counts the others', () => {
    const only = { environment: environment(['iocp']) };
    const many = Array.from({ length: 31 }, (_, at) => agent(`a${at}`, only));
    const text = reason(many) ?? '';
    assert.match(text, /a19 \(live; .*\), and 11 more$/);
    assert.doesNotMatch(text, /a20 \(/);
  });

  it('asks for as many agents as the fleet has parts', () => {
    const fleet = { agents: 2, threads: 1 };
    assert.match(reason([agent('a'), agent('b')], { fleet }) ?? '', /2 fleet agents/);
    assert.equal(reason([agent('a'), agent('b'), agent('c')], { fleet }), null);
    assert.equal(reason([agent('a', { slots: 2 }), agent('b')], { fleet }), null);
  });

  it('respects leases, unavailable notifiers and faults that are not allowed', () => {
    assert.match(reason([agent('a'), agent('b', {}, false)]) ?? '', /b \(lease lapsed/);
    const draining = { ...agent('a'), draining: true };
    assert.match(reason([draining, agent('b', {}, false)]) ?? '', /a \(draining; 1 slot/);
    // It will take runs again.
    assert.equal(reason([draining, agent('b')]), null);
    const only = { environment: environment(['iocp']) };
    assert.match(
      reason([agent('a', only), agent('b', only)]) ?? '',
      /event does not work \(its self-test got no echo\)/,
    );
    const fault = { dropEvery: 2 };
    assert.match(reason([agent('a'), agent('b')], { fault }) ?? '', /faults allowed; able: 0/);
    assert.equal(reason([agent('a', { allowsFaults: true }), agent('b')], { fault }), null);
  });
});

describe('platforms', () => {
  const linux = (broken: readonly string[] = []) => ({ environment: linuxEnvironment(broken) });
  const able = (notifier: Notifier, agents: Agent[]) => {
    const found = candidates(madeSpec(), { ...cell, notifier }, agents);
    const ids = (of: readonly Agent[] | null) =>
      of?.map(({ registration }) => registration.agentId);
    return { server: ids(found.server), fleet: ids(found.fleet) };
  };

  it('place a server where its notifier is, and a fleet anywhere', () => {
    const agents = [agent('wine'), agent('linux', linux())];
    assert.deepEqual(able('event', agents), { server: ['wine'], fleet: ['wine', 'linux'] });
    assert.deepEqual(able('epoll', agents), { server: ['linux'], fleet: ['wine', 'linux'] });
  });

  it('have a notifier of their own for fleets, which must work', () => {
    const broken = { environment: environment(['event']) };
    const agents = [agent('wine', broken), agent('linux', linux(['epoll']))];
    assert.deepEqual(able('event', agents), { server: ['wine'], fleet: [] });
    assert.deepEqual(able('io-uring', agents), { server: ['linux'], fleet: [] });
  });

  it('are named when there is no agent of the one that a notifier needs', () => {
    const refused = (notifier: Notifier, agents: Agent[]) =>
      unplaceableReason(madeSpec(), { ...cell, notifier }, agents) ?? '';
    const none = refused('epoll', [agent('a'), agent('b'), agent('c', linux(), false)]);
    assert.match(none, /: epoll needs an agent on linux, and no live one is; it needs one server/);
    assert.match(none, /notifier epoll \(linux\), layout homo; able: 0\)/);
    assert.match(none, /notifier iocp \(windows\) or epoll \(linux\); able: 2\)/);
    assert.match(none, /a \(live; 1 slot; platform: windows; notifiers: iocp/);
    const forbidden = refused('io-uring', [agent('a'), agent('c', linux(['io-uring']))]);
    assert.doesNotMatch(forbidden, /needs an agent on/);
    assert.match(forbidden, /epoll, io-uring does not work \(EPERM \(1\)\)/);
  });
});

describe('the client ports of an agent', () => {
  const windows = { clientPorts: { budget: 14_745, timeWaitSeconds: 120 } };
  const agents = [agent('a', windows), agent('b', windows)];
  const churning = (disconnectsPerSecond: number, sessions: number[] = [10]) => {
    const { workload, phases, matrix } = madeSpec();
    return madeSpec({
      workload: { ...workload, disconnectsPerSecond },
      phases: { ...phases, measureSeconds: 3_600 },
      matrix: { ...matrix, notifier: ['event'], sessions },
    });
  };

  it('are not exhausted by churn that leaves room', () => {
    assert.deepEqual(placementProblems(churning(100), [cell], agents), []);
  });

  it('refuse churn that would exhaust them, with the sum', () => {
    const [problem] = placementProblems(churning(125), [cell], agents);
    assert.match(
      problem?.detail ?? '',
      /a has a budget of 14745 client ports for 10 sessions \+ 15000 ports in TIME_WAIT \(125 graceful disconnects\/s × 120 s\) = 15010 ports; /,
    );
  });

  it('refuse the one cell of a notifier that has too many sessions', () => {
    const cells = [cell, { ...cell, sessions: 20_000 }];
    const [problem] = placementProblems(churning(0, [10, 20_000]), cells, agents);
    assert.match(problem?.detail ?? '', /14745 client ports for 20000 sessions/);
  });
});

describe('placementProblems', () => {
  it('names each notifier once, by its place in the matrix', () => {
    const matrix = { notifier: ['iocp', 'event'], layout: ['homo'], sessions: [1, 2] } as const;
    const spec = madeSpec({
      matrix: { notifier: [...matrix.notifier], layout: ['homo'], sessions: [1, 2] },
    });
    const cells = matrix.notifier.flatMap((notifier) =>
      matrix.sessions.map((sessions) => ({ notifier, layout: 'homo' as const, sessions })),
    );
    const only = { environment: environment(['iocp']) };
    const problems = placementProblems(spec, cells, [agent('a', only), agent('b', only)]);
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/matrix/notifier/1'],
    );
  });
});

describe('placement on a target', () => {
  const onTarget = { notifier: null, layout: null, sessions: 10 } as const;
  const unplaceable = (agents: Agent[], changes: Parameters<typeof targetSpec>[0] = {}) =>
    unplaceableReason(targetSpec(changes), onTarget, agents);
  const open = { targets: ['127.0.0.0/8:7000'] };
  const shut = { targets: ['127.0.0.0/8:80'] };

  it('needs a fleet alone, on an agent that allows it', () => {
    assert.equal(unplaceable([agent('a', open)]), null);
    assert.equal(unplaceable([agent('a', shut), agent('b', open)]), null);
    const fleet = { agents: 2, threads: 1 };
    assert.match(unplaceable([agent('a', shut), agent('b', open)], { fleet }) ?? '', /able: 1/);
  });

  it('says which agents do not allow which target, and asks for no server', () => {
    const reason = unplaceable([agent('a', shut), agent('b', shut), agent('c', open, false)]) ?? '';
    assert.match(
      reason,
      /127\.0\.0\.1:7000 is not among the targets \(OVERSOAK_TARGETS\) of a, b; it needs a slot/,
    );
    assert.match(reason, /a \(live; .*; targets: 127\.0\.0\.0\/8:80\)/);
    assert.doesNotMatch(reason, /server agent/);
  });

  it('leaves a name to the agent that resolves it, unless its port decides', () => {
    const target = { host: 'game.example', port: 7000, protocol: 'raw' } as const;
    assert.equal(unplaceable([agent('a', open)], { target }), null);
    const reason = unplaceable([agent('a', shut)], { target }) ?? '';
    assert.match(reason, /game\.example:7000 is not among the targets \(OVERSOAK_TARGETS\) of a;/);
  });

  const plugin = { file: 'xor.so', sha256: 'a'.repeat(64) };
  const other = { file: 'xor.so', sha256: 'b'.repeat(64) };
  const spoken = (sha256 = plugin.sha256) => ({
    target: {
      ...{ host: '127.0.0.1', port: 7000 },
      protocol: { plugin: { file: plugin.file, sha256, options: '' } },
    },
  });

  it('needs an agent that allows the plug-in, by its name and bytes', () => {
    const able = agent('a', { ...open, plugins: [other, plugin] });
    assert.equal(unplaceable([able], spoken()), null);
    assert.equal(unplaceable([able], spoken('A'.repeat(64))), null);
    const none = [agent('b', open), agent('c', { ...open, plugins: [other] })];
    const reason = unplaceable(none, spoken()) ?? '';
    const named = `xor.so=${plugin.sha256}`;
    assert.ok(
      reason.includes(
        `${named} is not among the plug-ins (OVERSOAK_PLUGINS) of b (none), c (xor.so=${other.sha256}); `,
      ),
      reason,
    );
    assert.ok(reason.includes(`plug-in ${named} allowed; able: 0`), reason);
  });

  it('is a problem at the plug-in where that alone prevents it', () => {
    const pointerOf = (...agents: Agent[]) =>
      placementProblems(targetSpec(spoken()), [onTarget], agents).map(({ pointer }) => pointer);
    assert.deepEqual(pointerOf(agent('a', open)), ['/target/protocol/plugin']);
    assert.deepEqual(pointerOf(agent('a', { ...shut, plugins: [plugin] })), ['/target']);
    assert.deepEqual(pointerOf(agent('a', { ...open, plugins: [plugin] })), []);
  });

  it('is one problem, at the target', () => {
    const cells = [onTarget, { ...onTarget, sessions: 20 }];
    const problems = placementProblems(targetSpec(), cells, [agent('a', shut)]);
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ['/target'],
    );
    assert.deepEqual(placementProblems(targetSpec(), cells, [agent('a', open)]), []);
  });
});
