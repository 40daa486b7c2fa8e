import {
  type AgentIdentity,
  JOIN_WITHIN_MS,
  JoinAnswer,
  OTLP_PATH,
  schemaProblems,
} from '@oversoak/contracts';
import { CannotRun, messageOf } from '../shell/failure.ts';
import { ApiRefused, ApiUnreachable, describeProblem, type Problem } from './problem.ts';
import { printableValue } from './read-json.ts';

const ANSWER_TIMEOUT_MS = 30_000;
export const JOIN_MINUTES = JOIN_WITHIN_MS / 60_000;

/** The API of a cluster, and the token that lets one machine join it. */
export interface JoinLink {
  url: string;
  token: string;
}

const LINK_TOKEN = /^#(osj_[a-z][a-z0-9-]*_[A-Za-z0-9_-]+)$/;

/** Pure. @throws CannotRun */
export function readJoinLink(text: string): JoinLink {
  const link = URL.canParse(text) ? new URL(text) : null;
  const token = LINK_TOKEN.exec(link?.hash ?? '')?.[1];
  if (link === null || token === undefined || !/^https?:$/.test(link.protocol)) {
    // The text may have the secret, so it is not repeated.
    throw new CannotRun(
      'this is no join link; "oversoak agents enrol" prints one: http://HOST:PORT/#osj_AGENT_SECRET',
    );
  }
  link.hash = '';
  return { url: link.href, token };
}

/**
 * Exchanges the token of a link, which works once.
 * @throws ApiUnreachable, ApiRefused
 */
export async function join({ url, token }: JoinLink, signal?: AbortSignal): Promise<AgentIdentity> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const answer = await fetch(new URL('v1/enrolments/join', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ token }),
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw signal.reason;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new ApiUnreachable(`cannot reach the API at ${base}: ${messageOf(cause)}`);
  });
  const { status } = answer;
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw new ApiRefused(status, describeProblem(status, (printableValue(body) ?? {}) as Problem));
  }
  const [problem] = schemaProblems(JoinAnswer, body);
  if (problem === undefined) return identityOf(body as JoinAnswer, base);
  throw new CannotRun(`${base} answered with what is no identity: ${problem.pointer || '/'}`);
}

/** Pure: telemetry goes to the API by the address under which this machine has reached it. */
export function identityOf({ telemetry, ...identity }: JoinAnswer, apiUrl: string): AgentIdentity {
  if (telemetry === undefined) return identity;
  return { ...identity, telemetry: { url: new URL(OTLP_PATH, apiUrl).href, ...telemetry } };
}
