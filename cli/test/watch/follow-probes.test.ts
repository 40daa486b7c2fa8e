import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentProbes, ProbesRequested } from '@oversoak/contracts';
import { ApiUnreachable } from '../../src/api/problem.ts';
import { followProbes } from '../../src/watch/follow-probes.ts';
import { madeAnswer, madeProbes } from '../probes.ts';

const [ONE, TWO, OTHER] = ['acceptex-pends', 'routine-beats-event', 'file-io-is-reported'] as const;
const ask = (name: string) => ({ name, requestedAtMs: 1, startedAtMs: null });
const requestOf = (...agents: string[]): ProbesRequested => ({
  requestedAtMs: 1,
  requested: agents.map((agentId) => ({ agentId, names: [ONE, TWO] })),
});

/** Each agent answers these one after the other, the last one for ever. */
function source(answers: Record<string, (AgentProbes | Error)[]>) {
  return {
    probesOf: async (agentId: string) => {
      const [first, ...rest] = answers[agentId] ?? [];
      if (first === undefined) throw new Error(`nothing is known of ${agentId}`);
      if (rest.length > 0) answers[agentId] = rest;
      if (first instanceof Error) throw first;
      return first;
    },
  };
}

function listener() {
  const seen: string[] = [];
  return {
    seen,
    probes: ({ agentId, requested }: AgentProbes) => seen.push(`${agentId} ${requested.length}`),
    unreachable: () => seen.push('unreachable'),
  };
}

const never = new AbortController().signal;

test('it ends when every agent has answered the requested probes, whatever else it does', async () => {
  const all = [ONE, TWO, OTHER].map((name) => madeAnswer(name));
  const events = listener();
  const ended = await followProbes(
    source({
      a: [
        madeProbes({ agentId: 'a', requested: [ask(ONE), ask(TWO), ask(OTHER)], answers: all }),
        new ApiUnreachable('away'),
        madeProbes({ agentId: 'a', requested: [ask(TWO), ask(OTHER)], answers: all }),
        madeProbes({ agentId: 'a', requested: [ask(OTHER)], answers: all }),
      ],
      b: [madeProbes({ agentId: 'b', answers: all })],
    }),
    requestOf('a', 'b'),
    events,
    never,
    0,
  );
  assert.deepEqual(
    ended.map(({ agentId, answers }) => [agentId, answers.map(({ name }) => name)]),
    [
      ['a', [ONE, TWO]],
      ['b', [ONE, TWO]],
    ],
  );
  const ofA = events.seen.filter((line) => !line.startsWith('b'));
  assert.deepEqual(ofA, ['a 2', 'unreachable', 'a 1', 'a 0']);
});

test('it does not wait for a lost agent, whose old answers do not count', async () => {
  const lost = madeProbes({
    ...{ agentId: 'a', live: false, requested: [ask(TWO)] },
    answers: [madeAnswer(ONE), madeAnswer(TWO)],
  });
  const [probes] = await followProbes(source({ a: [lost] }), requestOf('a'), listener(), never, 0);
  assert.deepEqual(
    probes?.answers.map(({ name }) => name),
    [ONE],
  );
  assert.deepEqual(probes?.requested.length, 1);
});

test('it ends with the reason of the signal', async () => {
  const controller = new AbortController();
  const waiting = source({ a: [madeProbes({ agentId: 'a', requested: [ask(ONE)] })] });
  const following = followProbes(waiting, requestOf('a'), listener(), controller.signal, 5);
  controller.abort(new Error('Ctrl-C'));
  await assert.rejects(following, /Ctrl-C/);
});
