import { timingSafeEqual } from 'node:crypto';
import {
  ACCESS_ROLES,
  type AccessRole,
  BOOTSTRAP_ID,
  type Caller,
  includesRole,
} from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import { sha256, type Tokens } from '../store/tokens.ts';
import { Guesses } from './guesses.ts';
import { RequestProblem } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller's token must allow; every route under `useAuth` says it. */
    access?: AccessRole;
  }
  interface FastifyRequest {
    /** Who calls; null outside of `useAuth`. */
    caller: Caller | null;
  }
}

export interface AuthOptions {
  /** Of OVERSOAK_TOKEN: the administrator who makes the other tokens. */
  bootstrapToken: string;
  tokens: Pick<Tokens, 'find'>;
  /** Redis time. */
  nowMs: () => Promise<number>;
}

const BOOTSTRAP = { id: BOOTSTRAP_ID, name: 'OVERSOAK_TOKEN', role: 'admin', expiresAtMs: null };

/** Every route of the scope takes a token with the role that the route's own config names. */
export function useAuth(app: FastifyInstance, options: AuthOptions): void {
  const guesses = new Guesses();
  const bootstrap = sha256(options.bootstrapToken);

  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access !== undefined) return;
    const roles = ACCESS_ROLES.join(', ');
    throw new Error(`${method} ${url} names no role: set config.access to one of ${roles}`);
  });
  app.decorateRequest('caller', null);

  const callerOf = async (text: string): Promise<Caller> => {
    if (timingSafeEqual(sha256(text), bootstrap)) return { ...BOOTSTRAP } as Caller;
    const found = await options.tokens.find(text);
    if (found === null) throw unauthorized('there is no such token');
    const { createdAtMs: _, ...caller } = found;
    if (caller.expiresAtMs !== null && caller.expiresAtMs <= (await options.nowMs())) {
      throw unauthorized(`the token "${caller.name}" has expired`);
    }
    return caller;
  };

  app.addHook('onRequest', async (request, reply) => {
    await guesses.refuse(request, reply);
    const { authorization } = request.headers;
    const text = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    try {
      if (authorization === undefined) throw unauthorized('no token was sent');
      if (text === undefined) {
        throw unauthorized('what was sent is no bearer token, which has no spaces');
      }
      request.caller = await callerOf(text);
    } catch (error) {
      if (error instanceof RequestProblem) {
        await guesses.wrong(request);
        reply.header('www-authenticate', challenge(text === undefined ? {} : INVALID_TOKEN));
      }
      throw error;
    }
    const needed = request.routeOptions.config.access ?? 'admin';
    if (!includesRole(request.caller.role, needed)) {
      const refused = { error: 'insufficient_scope', scope: needed };
      reply.header('www-authenticate', challenge(refused));
      throw lacksRole(request.caller, needed);
    }
  });
}

/** Whose quotas a request counts for. */
export function ownerOf(caller: Caller | null): string {
  if (caller === null) throw new Error('a route under useAuth without a caller');
  return caller.id;
}

function unauthorized(reason: string): RequestProblem {
  return new RequestProblem(401, `${reason}; send "Authorization: Bearer TOKEN"`);
}

function lacksRole({ name, role }: Caller, needed: AccessRole): RequestProblem {
  return new RequestProblem(403, `the token "${name}" has the role ${role}; this needs ${needed}`);
}

const INVALID_TOKEN = { error: 'invalid_token' };

/** What a caller has to send, RFC 6750 section 3. */
function challenge(parameters: Record<string, string>): string {
  const all = { realm: 'oversoak', ...parameters };
  return `Bearer ${Object.entries(all)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}
