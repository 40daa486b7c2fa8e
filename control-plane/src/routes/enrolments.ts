import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  Enrolment,
  EnrolmentRequest,
  isAddress,
  JoinToken,
  labelNameProblems,
  readAllowedTarget,
  within,
} from '@oversoak/contracts';
import { Type } from 'typebox';
import type { NotEnrolled } from '../enrolment/enrolling.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { NoAgentUsers } from '../store/agent-users.ts';
import type { Cluster } from './cluster.ts';
import { AgentParams } from './params.ts';

const Empty = Type.Unsafe<undefined>({ type: 'null', description: 'no body' });

const secured = { security: [{ token: [] }], tags: ['enrolments'] };

export const enrolmentRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster: { enrolling } },
) => {
  app.get(
    '/enrolments',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listEnrolments',
        summary: 'the agents that have joined with identities of their own, by id',
        ...secured,
        response: { 200: Type.Object({ enrolments: Type.Array(Enrolment) }) },
      },
    },
    async () => ({ enrolments: await enrolling.list() }),
  );

  app.post(
    '/enrolments',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'enrolAgent',
        summary: 'create a token with which one machine may join; it is in this answer only',
        ...secured,
        body: EnrolmentRequest,
        response: { 201: JoinToken, 400: ProblemDetails, 409: ProblemDetails },
      },
    },
    async ({ body }, reply) => {
      refuseUnusable(body);
      const token = tokenOf(await possibly(enrolling.enrol(body)));
      reply.code(201).header('cache-control', 'no-store');
      return token;
    },
  );

  app.post(
    '/enrolments/:agentId/rotate',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'rotateAgent',
        summary:
          'create a token for a new identity of an enrolled agent; the one before ends when it is used',
        ...secured,
        params: AgentParams,
        response: { 201: JoinToken, 404: ProblemDetails, 409: ProblemDetails },
      },
    },
    async ({ params: { agentId } }, reply) => {
      const token = await possibly(enrolling.rotate(agentId));
      if (token === null) throw notEnrolled(agentId);
      reply.code(201).header('cache-control', 'no-store');
      return tokenOf(token);
    },
  );

  app.delete(
    '/enrolments/:agentId',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'revokeAgent',
        summary: 'end an enrolment: its Redis user is deleted, and its runs end as of a lost agent',
        ...secured,
        params: AgentParams,
        response: { 204: Empty, 404: ProblemDetails },
      },
    },
    async ({ params: { agentId } }, reply) => {
      if (!(await enrolling.revoke(agentId))) throw notEnrolled(agentId);
      return await reply.code(204).send(undefined);
    },
  );
};

/** What the schema alone cannot say. */
function refuseUnusable({ address, labels, targets }: EnrolmentRequest): void {
  const problems = targets.flatMap((text, index) =>
    readAllowedTarget(text) === undefined
      ? [{ pointer: `/targets/${index}`, detail: 'must be "address[/bits][:port]"' }]
      : [],
  );
  problems.push(...within('/labels', labelNameProblems(labels)));
  if (!isAddress(address)) {
    problems.push({ pointer: '/address', detail: 'must be an IPv4 or IPv6 address' });
  }
  if (problems.length > 0) throw new RequestProblem(400, 'the body is not valid', problems);
}

const notEnrolled = (agentId: string) =>
  new RequestProblem(404, `no agent "${agentId}" is enrolled`);

function tokenOf(answer: JoinToken | NotEnrolled): JoinToken {
  if ('reason' in answer) throw new RequestProblem(409, answer.reason);
  return answer;
}

/** A Redis that cannot have users is not the caller's mistake, and no failure of the control plane. */
async function possibly<T>(enrolling: Promise<T>): Promise<T> {
  try {
    return await enrolling;
  } catch (error) {
    if (error instanceof NoAgentUsers) throw new RequestProblem(409, error.message);
    throw error;
  }
}
