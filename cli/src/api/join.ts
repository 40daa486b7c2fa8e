import {
  type AgentIdentity,
  JOIN_WITHIN_MS,
  JoinAnswer,
  type JoinSecret,
  OTLP_PATH,
  schemaProblems,
} from '@oversoak/contracts';
import { CannotRun } from '../shell/failure.ts';
import { postJson } from './post-json.ts';
import { ApiRefused, describeProblem, type Problem, unreachable } from './problem.ts';
import { printableValue } from './read-json.ts';
import { shownAuthority } from './shown-authority.ts';

const ANSWER_TIMEOUT_MS = 30_000;
export const JOIN_MINUTES = JOIN_WITHIN_MS / 60_000;

/** The API of a cluster, and the token that lets one machine join it. */
export type JoinLink = JoinSecret & { url: string };

const LINK_SECRET = /^#(osj_[a-z][a-z0-9-]*_[A-Za-z0-9_-]+)(?:\.([A-Za-z0-9_-]{43}))?$/;

/** Pure. @throws CannotRun */
export function readJoinLink(text: string): JoinLink {
  const link = URL.canParse(text) ? new URL(text) : null;
  const [, token, authority] = LINK_SECRET.exec(link?.hash ?? '') ?? [];
  if (link === null || token === undefined || !/^https?:$/.test(link.protocol)) {
    // The text may have the secret, so it is not repeated.
    throw new CannotRun(
      'this is no join link; "oversoak agents enrol" prints one: http://HOST:PORT/#osj_AGENT_SECRET',
    );
  }
  link.hash = '';
  return { url: link.href, token, authority };
}

/**
 * Exchanges the token of a link, which works once. Where the link names an authority, no other is
 * trusted, and the token is sent only to a server that has a certificate of it.
 * @throws ApiUnreachable, ApiRefused, CannotRun
 */
export async function join(
  { url, token, authority }: JoinLink,
  signal?: AbortSignal,
): Promise<AgentIdentity> {
  const base = url.endsWith('/') ? url : `${url}/`;
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const ended = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const to = new URL('v1/enrolments/join', base);
  const reached = async <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(base, error);
    });
  const isPinned = authority !== undefined && to.protocol === 'https:';
  const ca = isPinned ? await reached(shownAuthority(to, authority, ended)) : undefined;
  if (ca === null) {
    throw new CannotRun(
      `${base} has no certificate of the authority that the link names: it is another server, or ` +
        'its authority was replaced since. Nothing was sent to it.',
    );
  }
  const { status, body } = await reached(postJson(to, { token }, { ca, signal: ended }));
  if (status !== 200) {
    throw new ApiRefused(status, describeProblem(status, (printableValue(body) ?? {}) as Problem));
  }
  const [problem] = schemaProblems(JoinAnswer, body);
  if (problem === undefined) return identityOf(body as JoinAnswer, base);
  throw new CannotRun(`${base} answered with what is no identity: ${problem.pointer || '/'}`);
}

/** Pure: telemetry goes to the API by the address under which this machine has reached it. */
function identityOf({ telemetry, ...identity }: JoinAnswer, apiUrl: string): AgentIdentity {
  if (telemetry === undefined) return identity;
  return { ...identity, telemetry: { url: new URL(OTLP_PATH, apiUrl).href, ...telemetry } };
}
