import type { Refused } from '@oversoak/client';
import { printable } from '@oversoak/contracts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { printableValue } from './read-json.ts';

/** The parts of a problem+json response (RFC 9457) that are shown. */
export interface Problem {
  title?: string;
  detail?: string;
  errors?: { pointer?: string; detail?: string }[];
}

/** The API refused the request. */
export class ApiRefused extends CannotRun {
  override name = 'ApiRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const OVERLOADED = 503;

/** Whether the control plane refused before it did anything, and is to be asked again. */
export const isOverloaded = (error: unknown): error is ApiRefused =>
  error instanceof ApiRefused && error.status === OVERLOADED;

/** No response: nothing listens, the connection dropped, or the request timed out. */
export class ApiUnreachable extends CannotRun {
  override name = 'ApiUnreachable';
}

/** In one line, without the words of OpenSSL and its source. */
export function unreachable(base: string, error: unknown): ApiUnreachable {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new ApiUnreachable(`cannot reach the API at ${base}: ${connectionReason(cause)}`);
}

function connectionReason(cause: unknown): string {
  const { name, code, reason } = cause as { name?: string; code?: unknown; reason?: string };
  if (name === 'TimeoutError') return 'it accepts connections and does not answer';
  // Of a DOMException it is a number.
  if (typeof code !== 'string') return messageOf(cause);
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'the server there does not speak TLS; is it http:// in place of https://?';
  }
  return code.startsWith('ERR_SSL_') && reason !== undefined ? `TLS: ${reason}` : messageOf(cause);
}

/** One line for the refusal and one `pointer: detail` line per invalid field. */
export function describeProblem(status: number, problem: Problem): string {
  const head = [problem.title ?? 'the API refused', problem.detail].filter(Boolean).join(': ');
  return [`${head} (HTTP ${status})`, ...fieldLines(problem.errors ?? [])].join('\n');
}

export function fieldLines(errors: readonly { pointer?: string; detail?: string }[]): string[] {
  return errors.map(({ pointer, detail }) => `  ${pointer || '/'}: ${detail ?? 'refused'}`);
}

/** A file that the API would refuse, field by field. */
export function invalid(
  file: string,
  problems: readonly { pointer?: string; detail?: string }[],
  what = 'soak',
): CannotRun {
  return new CannotRun([`"${file}" is not a valid ${what}:`, ...fieldLines(problems)].join('\n'));
}

/** A body that is not problem+json is shown unchanged. */
export function refusal({ status, contentType, body }: Refused): ApiRefused {
  if (status === 401) {
    return new ApiRefused(status, 'the API refused the token: check --token or OVERSOAK_TOKEN');
  }
  if (!contentType.includes('json')) {
    const text = printable(String(body)).slice(0, 500);
    return new ApiRefused(status, `the API answered HTTP ${status}: ${text}`);
  }
  return new ApiRefused(status, describeProblem(status, printableValue(body) as Problem));
}
