import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { madeAgent } from '@oversoak/testing/builders/made-agents';
import { madeSpec } from '@oversoak/testing/builders/made-figures';
import { type Decision, plan, type WaitingRun } from '../../src/dispatch/plan.ts';
import { waitingText } from '../../src/dispatch/waiting-text.ts';
import { AGEING_MS, placeInQueue } from '../../src/model/queue-place.ts';
import type { Agent } from '../../src/store/agents.ts';

const HOLD_MS = 1000;

const waits = (
  name: string,
  changes: { fleets?: number; sinceMs?: number; priority?: number; site?: string } = {},
): WaitingRun => {
  const { fleets = 1, sinceMs = 0, priority = 5, site } = changes;
  const labels = site === undefined ? {} : { server: { site }, fleet: { site } };
  return {
    runId: `run-${name}`,
    soakId: `soak-${name}`,
    priority,
    sinceMs,
    cell: { notifier: 'iocp', layout: 'homo', sessions: 10 },
    spec: madeSpec({ fleet: { agents: fleets, threads: 1 }, placement: labels }),
    before: [],
  };
};

const at = (site: string, ...ids: string[]) => ids.map((id) => madeAgent(id, { labels: { site } }));
const busy = (agents: Agent[]) => agents.map((agent) => ({ ...agent, slotsUsed: 1 }));

/** Short: the members of a gang, the soak for which agents are reserved, or the kind. */
function described(decision: Decision): string {
  if (decision.kind === 'place') {
    return decision.gang.map(({ agent }) => agent.registration.agentId).join(' ');
  }
  return decision.kind === 'wait' && decision.keeper !== null
    ? `kept for ${decision.keeper.soakId}`
    : decision.kind;
}

const decide = (waiting: WaitingRun[], agents: Agent[], nowMs = 0) =>
  plan(waiting, agents, nowMs, HOLD_MS).map(described);

describe('plan', () => {
  it('places independent gangs concurrently, each slot once', () => {
    const agents = at('x', 'a', 'b', 'c', 'd', 'e');
    const three = [waits('1'), waits('2'), waits('3')];
    assert.deepEqual(decide(three, agents), ['a b', 'c d', 'wait']);
  });

  it('does not let a soak whose agents are busy hold back one that needs others', () => {
    const agents = [...busy(at('x', 'a', 'b')), ...at('y', 'c', 'd')];
    const both = [waits('x', { site: 'x' }), waits('y', { site: 'y' })];
    assert.deepEqual(decide(both, agents), ['wait', 'c d']);
  });

  it('lets smaller soaks overtake a large one only until it has waited too long', () => {
    const agents = [...at('x', 'a', 'b', 'c'), ...busy(at('x', 'd'))];
    const both = [waits('large', { fleets: 3 }), waits('small')];
    assert.deepEqual(decide(both, agents, HOLD_MS - 1), ['wait', 'a b']);
    assert.deepEqual(decide(both, agents, HOLD_MS), ['wait', 'kept for soak-large']);
    const free = at('x', 'a', 'b', 'c', 'd');
    assert.deepEqual(decide(both, free, HOLD_MS), ['a b c d', 'wait']);
  });

  it('reserves no more than the large one needs, and nothing of other agents', () => {
    const fleet = at('x', 'a', 'b', 'c', 'd', 'e');
    const server = busy(at('s', 'server'));
    const large = waits('large', { fleets: 1 });
    large.spec = { ...large.spec, placement: { server: { site: 's' }, fleet: { site: 'x' } } };
    const others = [waits('x', { site: 'x' }), waits('y', { site: 'y' })];
    const agents = [...fleet, ...server, ...at('y', 'y', 'z')];
    // One for its fleet and one more: c, d and e stay for others.
    assert.deepEqual(decide([large, ...others], agents, HOLD_MS), ['wait', 'c d', 'y z']);
  });

  it('lets runs before the large one use its reserved agents', () => {
    const agents = [...at('x', 'a', 'b'), ...busy(at('x', 'c'))];
    const both = [waits('before'), waits('large', { fleets: 2 })];
    assert.deepEqual(decide(both, agents, HOLD_MS), ['a b', 'wait']);
  });

  it('distinguishes an unplaceable run from a waiting one; a draining agent counts', () => {
    const [a, b] = at('x', 'a', 'b') as [Agent, Agent];
    assert.deepEqual(decide([waits('1', { site: 'none' }), waits('2')], [a, b]), [
      'unplaceable',
      'a b',
    ]);
    assert.deepEqual(decide([waits('1')], [a, { ...b, draining: true }]), ['wait']);
    assert.deepEqual(decide([waits('1')], [a, { ...b, live: false }]), ['unplaceable']);
  });
});

describe('placeInQueue', () => {
  it('counts ten minutes of waiting as one step of priority', () => {
    const old = placeInQueue(0, 5);
    assert.ok(placeInQueue(1, 5) > old);
    assert.ok(placeInQueue(AGEING_MS - 1, 6) < old);
    assert.ok(placeInQueue(AGEING_MS + 1, 6) > old);
    // However many of the highest priority come: the lowest has its turn after an hour and a half.
    assert.ok(placeInQueue(9 * AGEING_MS + 1, 9) > placeInQueue(0, 0));
  });
});

describe('waitingText', () => {
  const text = (index: number, waiting: WaitingRun[], agents: Agent[], nowMs = 0) =>
    waitingText(index, waiting, plan(waiting, agents, nowMs, HOLD_MS), agents);

  it('names busy and draining agents, and the soak in front', () => {
    const [a, b] = busy(at('x', 'a', 'b')) as [Agent, Agent];
    const both = [waits('1', { priority: 7 }), waits('2')];
    const agents = [a, { ...b, draining: true }, ...at('y', 'c')];
    assert.equal(text(0, both, agents), 'its agents are busy: a, b (draining)');
    assert.equal(
      text(1, both, agents),
      'its agents are busy: a, b (draining); behind soak-1 (priority 7)',
    );
  });

  it('names the run for which agents are reserved', () => {
    const agents = [...at('x', 'a', 'b'), ...busy(at('x', 'c'))];
    assert.equal(
      text(1, [waits('1', { fleets: 2 }), waits('2')], agents, HOLD_MS),
      'agents are reserved for soak-1 (priority 5), which has waited longer',
    );
  });

  it('names the requirement that no agent meets', () => {
    assert.match(
      text(0, [waits('1', { site: 'none' })], at('x', 'a', 'b')) ?? '',
      /no live agents/,
    );
  });
});
