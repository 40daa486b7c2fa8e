import type { Refused } from '@oversoak/client';

/** One thing that is wrong with a request; `pointer` is a JSON pointer, empty for all of it. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  errors?: FieldProblem[];
}

/** The API refused the request, in its own words (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly fields: readonly FieldProblem[];

  constructor(status: number, detail: string, fields: readonly FieldProblem[]) {
    super(detail);
    this.status = status;
    this.fields = fields;
  }

  static of({ status, contentType, body }: Refused): ApiProblem {
    const problem = contentType.includes('json') ? (body as ProblemBody) : {};
    const detail = problem.detail ?? problem.title ?? `the API answered HTTP ${status}`;
    return new ApiProblem(status, detail, problem.errors ?? []);
  }
}

/** No answer: the control plane is down, or the network is. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor() {
    super('the control plane does not answer');
  }
}
