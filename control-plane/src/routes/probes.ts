import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  AgentProbes,
  PROBE_NAMES,
  ProbesRequest,
  ProbesRequested,
  type Problem,
  pointerTo,
  probePlatform,
} from '@oversoak/contracts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Agent } from '../store/agents.ts';
import type { Cluster } from './cluster.ts';
import { AgentParams } from './params.ts';

const secured = { security: [{ token: [] }], tags: ['probes'] };

const idOf = ({ registration }: Agent) => registration.agentId;

export const probeRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.post(
    '/probes',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'requestProbes',
        summary: "test the lecture's claims about Winsock on agents",
        description:
          'The response lists the requested probes of each agent at once; GET /v1/agents/ID/probes ' +
          'has the answers. An agent runs its probes one after the other while it has no run. A ' +
          'probe that is pending on an agent is not requested twice, so the request may be repeated.',
        ...secured,
        body: ProbesRequest,
        response: { 202: ProbesRequested, 400: ProblemDetails, 422: ProblemDetails },
      },
    },
    async ({ body }, reply) => {
      const agents = await cluster.agents.list();
      const problems = agentProblems(body.agents, agents);
      if (problems.length > 0)
        throw new RequestProblem(422, 'no such agents can run probes', problems);
      const able = agents.filter(hasWinsock).map(idOf);
      const names = new Set<string>(body.names ?? PROBE_NAMES);
      const requested = await cluster.probe(
        [...new Set(body.agents ?? able)],
        PROBE_NAMES.filter((name) => names.has(name)),
      );
      reply.code(202);
      return requested;
    },
  );

  app.get(
    '/agents/:agentId/probes',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'getProbesOfAgent',
        summary: 'the latest answer of each probe of an agent, and its requested probes',
        ...secured,
        params: AgentParams,
        response: { 200: AgentProbes, 404: ProblemDetails },
      },
    },
    async ({ params: { agentId } }) => {
      const agent = await cluster.agents.get(agentId);
      if (agent === null) throw new RequestProblem(404, `no agent "${agentId}"`);
      const { requested, answers } = await cluster.probes.of(agentId);
      return {
        agentId,
        live: agent.live,
        platform: probePlatform(agent.registration.environment),
        requested,
        waiting: requested.length === 0 ? null : waitingReason(agent),
        answers,
      };
    },
  );
};

/** A live agent that the claims are about. */
function hasWinsock({ live, registration }: Agent): boolean {
  return live && registration.environment.capabilities.platform === 'windows';
}

/** Pure: why these agents (default: every live one with Winsock) cannot run probes. */
export function agentProblems(
  ids: readonly string[] | undefined,
  agents: readonly Agent[],
): Problem[] {
  const live = agents.filter((agent) => agent.live).map(idOf);
  const valid = `live agents: ${live.join(', ') || 'none'}`;
  if (ids === undefined) {
    if (agents.some(hasWinsock)) return [];
    const why = live.length === 0 ? 'no agent is live' : 'the claims are about Winsock';
    return [{ pointer: '/agents', detail: `${why}; ${valid}` }];
  }
  return ids.flatMap((id, index) => {
    if (live.includes(id)) return [];
    const known = agents.some((agent) => idOf(agent) === id);
    const why = known ? `agent "${id}" is not live: its lease has lapsed` : `no agent "${id}"`;
    return [{ pointer: pointerTo('agents', index), detail: `${why}; ${valid}` }];
  });
}

function waitingReason({ live, slotsUsed }: Agent): string | null {
  if (!live) return 'the agent is not live: its lease has lapsed';
  return slotsUsed > 0 ? 'it has runs; probes start when it has none' : null;
}
