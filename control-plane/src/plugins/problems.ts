import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { firstProblems, type Problem, QUOTAS, type Quota } from '@oversoak/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import FindMyWay, { type HTTPMethod } from 'find-my-way';
import { Type } from 'typebox';
import type { OverQuota } from '../model/quotas.ts';
import { writeRefusal } from '../model/write-refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The quota that the request would have exceeded. */
    refusedQuota: Quota | null;
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** RFC 9457, extended by `errors` for requests with several problems, and by the quota. */
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
  quota: Type.Optional(
    Type.Enum([...QUOTAS], { description: 'the quota of the token that the request exceeds' }),
  ),
});

/** A refused request, with all of its problems. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly statusCode: number;
  readonly problems: readonly Problem[];
  readonly quota: Quota | undefined;

  constructor(
    statusCode: number,
    detail: string,
    problems: readonly Problem[] = [],
    quota?: Quota | undefined,
  ) {
    super(detail);
    this.statusCode = statusCode;
    this.problems = problems;
    this.quota = quota;
  }
}

/** The requesting token has reached a quota. */
export function quotaProblem({ quota, detail }: OverQuota): RequestProblem {
  return new RequestProblem(429, detail, [], quota);
}

/** The cluster has as many of something with a name as it may have. */
export function tooMany(what: 'schedules' | 'baselines', most: number): RequestProblem {
  return new RequestProblem(409, `there are ${most} ${what}, the most of a cluster; delete one`, [
    { pointer: '/name', detail: `would be one more than ${most}` },
  ]);
}

export function problemBody(status: number, detail: string, errors: readonly Problem[] = []) {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, errors: firstProblems(errors) };
}

export function sendProblem(
  reply: FastifyReply,
  status: number,
  detail: string,
  errors: readonly Problem[] = [],
  quota?: Quota | undefined,
): FastifyReply {
  const body = problemBody(status, detail, errors);
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send(quota === undefined ? body : { ...body, quota });
}

/** Invalid HTTP has no Fastify reply, so the response is written to the socket directly. */
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

/** HTTP status of Node.js error codes. */
const CLIENT_ERRORS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

const REFUSALS = { '4xx': ProblemDetails, '5xx': ProblemDetails };

/** An error response in the OpenAPI document. */
export const PROBLEM_RESPONSE = {
  description: 'what is wrong with the request',
  content: { [PROBLEM_TYPE]: { schema: ProblemDetails } },
};

/** Every error response is problem+json; internal errors appear in the log only. */
export function useProblems(app: FastifyInstance): void {
  // Any route may refuse a request: token, rate limit, invalid path or body, no Redis.
  app.addHook('onRoute', (route) => {
    if (route.schema === undefined || route.schema.hide) return;
    const declared = { ...REFUSALS, ...(route.schema.response as object | undefined) };
    const response = Object.entries(declared).map(([status, schema]) => [
      status,
      schema === ProblemDetails ? PROBLEM_RESPONSE : schema,
    ]);
    route.schema = { ...route.schema, response: Object.fromEntries(response) };
  });
  app.decorateRequest('refusedQuota', null);
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const refused = writeRefusal(error);
    if (refused !== null) return sendProblem(reply, 503, refused);
    const status = error.statusCode ?? 500;
    if (status >= 500 && status !== 503) {
      request.log.error({ err: error }, 'request failed');
      return sendProblem(reply, status, 'the control plane failed; its log has the reason');
    }
    const { message, problems = [], quota } = error as Partial<RequestProblem> & Error;
    request.refusedQuota = quota ?? null;
    return sendProblem(reply, status, message, problems, quota);
  });
  const methodsOf = collectMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = methodsOf(path);
    if (methods.length === 0) {
      return sendProblem(reply, 404, `no route ${request.method} ${request.url}`);
    }
    const allowed = methods.join(', ');
    reply.header('allow', allowed);
    return sendProblem(
      reply,
      405,
      `${request.method} is not possible for ${path}; valid: ${allowed}`,
    );
  });
}

/**
 * The methods that a path has routes for, of routes that are registered from now on; Fastify itself
 * answers 404 for the others.
 */
function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const router = FindMyWay();
  const methods = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      methods.add(each);
      if (!router.hasRoute(each as HTTPMethod, url)) {
        router.on(each as HTTPMethod, url, () => undefined);
      }
    }
  });
  return (path) =>
    [...methods].filter((method) => router.find(method as HTTPMethod, path) !== null);
}
