import { STATUS_CODES } from 'node:http';
import type { Problem } from '@oversoak/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, with `errors` as its extension for requests that break several rules. */
export const ProblemDetails = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    errors: Type.Array(
      Type.Object({
        pointer: Type.String({ description: "RFC 6901; '' is the whole body or request" }),
        detail: Type.String(),
      }),
    ),
  },
  { description: 'what is wrong with a request' },
);

/** A request that cannot be served, with everything that is wrong with it. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly statusCode: number;
  readonly problems: readonly Problem[];

  constructor(statusCode: number, detail: string, problems: readonly Problem[] = []) {
    super(detail);
    this.statusCode = statusCode;
    this.problems = problems;
  }
}

export function problemBody(status: number, detail: string, errors: readonly Problem[] = []) {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, errors: [...errors] };
}

export function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string,
  errors: readonly Problem[] = [],
): FastifyReply {
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send(problemBody(status, detail, errors));
}

/** Every error answer is problem+json; what went wrong inside stays in the log. */
export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500 && status !== 503) {
      request.log.error({ err: error }, 'request failed');
      return sendProblem(reply, status, 'the control plane failed; its log has the reason');
    }
    const errors = error instanceof RequestProblem ? error.problems : [];
    return sendProblem(reply, status, error.message, errors);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 404, `no route ${request.method} ${request.url}`),
  );
}
