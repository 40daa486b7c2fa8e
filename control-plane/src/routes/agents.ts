import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { ListedAgent } from '@oversoak/contracts';
import { Type } from 'typebox';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Agent } from '../store/agents.ts';
import type { Cluster } from './cluster.ts';
import { AgentParams } from './params.ts';

const secured = { security: [{ token: [] }], tags: ['agents'] };

const listed = ({ registration, live, draining, slotsUsed }: Agent): ListedAgent => ({
  ...registration,
  ...{ live, draining, slotsUsed },
});

export const agentRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { agents } },
) => {
  const drain = async (agentId: string, draining: boolean) => {
    const known = await agents.setDraining(agentId, draining);
    const agent = known ? await agents.get(agentId) : null;
    if (agent === null) throw new RequestProblem(404, `no agent "${agentId}"`);
    return listed(agent);
  };

  app.get(
    '/agents',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'listAgents',
        summary: 'all registered agents, by id',
        ...secured,
        response: { 200: Type.Object({ agents: Type.Array(ListedAgent) }) },
      },
    },
    async () => ({ agents: (await agents.list()).map(listed) }),
  );

  app.post(
    '/agents/:agentId/drain',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'drainAgent',
        summary:
          'let an agent finish its current runs and give it no more, until the drain is ended',
        ...secured,
        params: AgentParams,
        response: { 200: ListedAgent, 404: ProblemDetails },
      },
    },
    async ({ params }) => await drain(params.agentId, true),
  );

  app.delete(
    '/agents/:agentId/drain',
    {
      config: { access: 'operator', changes: true },
      schema: {
        operationId: 'endDrainOfAgent',
        summary: 'end the drain of an agent',
        ...secured,
        params: AgentParams,
        response: { 200: ListedAgent, 404: ProblemDetails },
      },
    },
    async ({ params }) => await drain(params.agentId, false),
  );
};
