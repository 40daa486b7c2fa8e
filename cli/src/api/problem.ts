import { CannotRun } from '../shell/failure.ts';

/** The parts of a problem+json answer (RFC 9457) that are shown. */
export interface Problem {
  title?: string;
  detail?: string;
  errors?: { pointer?: string; detail?: string }[];
}

/** The API answered, and refused. */
export class ApiRefused extends CannotRun {
  override name = 'ApiRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** No answer: nothing listens, the connection dropped, or it took too long. */
export class ApiUnreachable extends CannotRun {
  override name = 'ApiUnreachable';
}

/** One line for the refusal and one `pointer: detail` for each offending field. */
export function describeProblem(status: number, problem: Problem): string {
  const head = [problem.title ?? 'the API refused', problem.detail].filter(Boolean).join(': ');
  return [`${head} (HTTP ${status})`, ...fieldLines(problem.errors ?? [])].join('\n');
}

export function fieldLines(errors: readonly { pointer?: string; detail?: string }[]): string[] {
  return errors.map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail ?? 'refused'}`);
}

/** Reads the body of a refusal; an answer that is no problem+json is shown as it is. */
export function refusal(status: number, contentType: string, body: string): ApiRefused {
  if (status === 401) {
    return new ApiRefused(status, 'the API refused the token: check --token or OVERSOAK_TOKEN');
  }
  if (!contentType.includes('json')) {
    return new ApiRefused(status, `the API answered HTTP ${status}: ${body.slice(0, 500)}`);
  }
  return new ApiRefused(status, describeProblem(status, JSON.parse(body) as Problem));
}
