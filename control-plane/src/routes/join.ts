import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { JoinAnswer, JoinRequest } from '@oversoak/contracts';
import { Guesses } from '../plugins/guesses.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import type { Cluster } from './cluster.ts';

const ACTION = 'POST /v1/enrolments/join';

/** The one route under /v1 that takes no API token: what is shown here is a join token. */
export const joinRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { enrolling, audit } },
) => {
  const guesses = new Guesses();
  app.addHook('onRequest', (request, reply) => guesses.refuse(request, reply));

  app.post(
    '/enrolments/join',
    {
      schema: {
        operationId: 'joinCluster',
        summary: 'exchange a join token, once, for the identity of an agent',
        security: [],
        tags: ['enrolments'],
        body: JoinRequest,
        response: { 200: JoinAnswer, 400: ProblemDetails, 401: ProblemDetails },
      },
    },
    async (request, reply) => {
      const { ip: from, body } = request;
      const identity = await enrolling.join(body.token);
      if (identity === null) {
        await guesses.wrong(request);
        const refused = { who: null, from, action: ACTION, subject: null, outcome: '401' };
        await audit.noteRefused(refused);
        throw new RequestProblem(
          401,
          'there is no such join token: it works once, within 15 minutes, and until a newer one is made',
        );
      }
      const { agentId, generation } = identity;
      const subject = `${agentId} (generation ${generation})`;
      await audit.note({ who: agentId, from, action: ACTION, subject, outcome: '200' });
      reply.header('cache-control', 'no-store');
      return identity;
    },
  );
};
