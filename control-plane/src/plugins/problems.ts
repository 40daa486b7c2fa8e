import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '@oversoak/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, with `errors` as its extension for requests that break several rules. */
export const ProblemDetails = Type.Object({
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
});

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

/** What cannot be read as HTTP has no reply of Fastify's: the answer is written as it is. */
export function answerClientError(
  error: NodeJS.ErrnoException & { bytesParsed?: number },
  socket: Socket,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERRORS[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problemBody(status, 'the request cannot be read as HTTP'));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Codes of Node.js that have a status of their own. */
const CLIENT_ERRORS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const REFUSALS = { '4xx': ProblemDetails, '5xx': ProblemDetails };

/** How the document declares an answer that is a problem. */
export const PROBLEM_RESPONSE = {
  description: 'what is wrong with the request',
  content: { [PROBLEM_TYPE]: { schema: ProblemDetails } },
};

/** Every error answer is problem+json; what went wrong inside stays in the log. */
export function useProblems(app: FastifyInstance): void {
  // Any route may refuse: the token, the rate, a path or a body that cannot be read, no Redis.
  app.addHook('onRoute', (route) => {
    if (route.schema === undefined || route.schema.hide) return;
    const declared = { ...REFUSALS, ...(route.schema.response as object | undefined) };
    const response = Object.entries(declared).map(([status, schema]) => [
      status,
      schema === ProblemDetails ? PROBLEM_RESPONSE : schema,
    ]);
    route.schema = { ...route.schema, response: Object.fromEntries(response) };
  });
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
