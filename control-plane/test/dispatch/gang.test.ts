import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linuxEnvironment, madeAgent } from '@oversoak/testing/builders/made-agents';
import { chooseGang, type GangBefore, keptFor } from '../../src/dispatch/gang.ts';
import { type Agent, freeSlotsOf } from '../../src/store/agents.ts';

const freeOf = (agents: readonly Agent[]) => (id: string) => {
  const agent = agents.find(({ registration }) => registration.agentId === id);
  return agent === undefined ? 0 : freeSlotsOf(agent);
};
const gang = (
  agents: Agent[],
  fleets = 1,
  server: Agent[] | null = agents,
  before: GangBefore = [],
) =>
  chooseGang(
    { server, fleet: agents },
    fleets,
    before,
    freeOf([...agents, ...(server ?? [])]),
  )?.map(({ agent, role }) => `${agent.registration.agentId} ${role}`) ?? null;

describe('chooseGang', () => {
  it('puts server and fleet on different agents where it can, the emptiest first', () => {
    const agents = [madeAgent('a', { slots: 3 }, 2), madeAgent('b', { slots: 3 }, 1)];
    assert.deepEqual(gang(agents), ['b server', 'a fleet']);
    assert.deepEqual(gang([madeAgent('a'), madeAgent('b')]), ['a server', 'b fleet']);
    assert.deepEqual(gang([madeAgent('a', { slots: 2 })]), ['a server', 'a fleet']);
    assert.equal(gang([madeAgent('a', { slots: 2 }, 1)]), null);
  });

  it('chooses the first among many, which are not sorted', () => {
    const many = Array.from({ length: 40 }, (_, at) => {
      const id = `m${String((at * 7) % 40).padStart(2, '0')}`;
      return madeAgent(id, { slots: 9 }, at % 5);
    });
    // All slots are free of m00, m05, m10 and so on; m11 has some in use.
    const before = ['m11', 'm30'].map((agentId) => ({ agentId, role: 'fleet' as const }));
    assert.deepEqual(gang(many, 4, many, before), [
      ...['m00 server', 'm30 fleet', 'm11 fleet', 'm05 fleet', 'm10 fleet'],
    ]);
    assert.deepEqual(gang(many.toReversed(), 4, many, before)?.slice(1), [
      ...['m30 fleet', 'm11 fleet', 'm05 fleet', 'm10 fleet'],
    ]);
  });

  it('chooses the whole gang or none', () => {
    const agents = [madeAgent('a'), madeAgent('b'), madeAgent('c')];
    assert.equal(gang(agents, 3), null);
    assert.deepEqual(gang(agents, 2), ['a server', 'b fleet', 'c fleet']);
    assert.equal(gang([], 1, []), null);
  });

  it('chooses a server that leaves enough agents for the fleet', () => {
    const [a, b] = [madeAgent('a', { slots: 2 }), madeAgent('b')];
    assert.deepEqual(gang([a], 1, [b]), ['b server', 'a fleet']);
    // As the first server, a would leave nobody to drive.
    const single = madeAgent('a');
    assert.deepEqual(gang([single], 1, [single, b]), ['b server', 'a fleet']);
  });

  it('makes a gang of fleets alone for a target', () => {
    const agents = [madeAgent('a', { slots: 2 }), madeAgent('b')];
    assert.deepEqual(gang(agents, 2, null), ['a fleet', 'b fleet']);
    assert.equal(gang(agents, 3, null), null);
    assert.equal(gang([madeAgent('a', { slots: 2 })], 1, []), null);
  });

  it('prefers the machines of the run before, each in its part', () => {
    const agents = ['a', 'b', 'c', 'd'].map((id) => madeAgent(id));
    const before = [
      { agentId: 'd', role: 'server' as const },
      { agentId: 'b', role: 'fleet' as const },
    ];
    assert.deepEqual(gang(agents, 1, agents, before), ['d server', 'b fleet']);
    const withoutD = agents.filter(({ registration }) => registration.agentId !== 'd');
    assert.deepEqual(gang(withoutD, 1, withoutD, before), ['a server', 'b fleet']);
  });

  it('prefers a Linux fleet, but not to the machine of the run before', () => {
    const linux = { environment: linuxEnvironment() };
    const agents = [madeAgent('a'), madeAgent('b', { slots: 3 }), madeAgent('c', linux)];
    const wine = agents.slice(0, 2);
    assert.deepEqual(gang(agents, 1, wine), ['b server', 'c fleet']);
    assert.deepEqual(gang(agents, 2, wine), ['b server', 'c fleet', 'a fleet']);
    const before = [{ agentId: 'a', role: 'fleet' as const }];
    assert.deepEqual(gang(agents, 1, wine, before), ['b server', 'a fleet']);
    const busy = [...wine, madeAgent('c', linux, 1)];
    assert.deepEqual(gang(busy, 1, wine), ['b server', 'a fleet']);
  });

  it('uses no draining or lost agent', () => {
    const agents = [madeAgent('a'), madeAgent('b'), madeAgent('c')];
    assert.equal(gang([madeAgent('a'), { ...madeAgent('b'), draining: true }]), null);
    assert.equal(gang([madeAgent('a'), { ...madeAgent('b'), live: false }]), null);
    const [a, b, c] = agents as [Agent, Agent, Agent];
    assert.deepEqual(gang([{ ...a, draining: true }, b, c]), ['b server', 'c fleet']);
  });
});

describe('keptFor', () => {
  it('reserves one agent that can be the server and one more than the fleet needs', () => {
    const fleet = ['a', 'b', 'c', 'd'].map((id) => madeAgent(id));
    const server = [madeAgent('s', {}, 1), madeAgent('t'), madeAgent('u')];
    const free = freeOf([...fleet, ...server]);
    const kept = (servers: Agent[] | null, wanted: number) =>
      keptFor({ server: servers, fleet }, wanted, [], free)
        .map(({ registration }) => registration.agentId)
        .join(' ');
    assert.equal(kept(server, 2), 't a b c');
    assert.equal(kept(server.slice(0, 1), 1), 'a b');
    assert.equal(kept(null, 3), 'a b c');
  });
});
