import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Registration } from '@oversoak/contracts';
import { Type } from 'typebox';
import type { Cluster } from '../cluster.ts';

const Agent = Type.Object({
  ...Registration.properties,
  live: Type.Boolean({ description: 'false: its lease has lapsed' }),
  slotsUsed: Type.Integer({ minimum: 0, description: 'slots that runs hold' }),
});

export const agentRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  app.get(
    '/agents',
    {
      schema: {
        summary: 'every agent that ever registered, by id',
        security: [{ token: [] }],
        response: { 200: Type.Object({ agents: Type.Array(Agent) }) },
      },
    },
    async () => {
      const agents = await cluster.agents.list();
      return {
        agents: agents.map(({ registration, live, slotsUsed }) => ({
          ...registration,
          live,
          slotsUsed,
        })),
      };
    },
  );
};
