import type { FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { addressGroup } from '../model/address-group.ts';
import { RequestProblem } from './problems.ts';

/** Wrong secrets of one address in a minute, after which it is refused before any check. */
const MAX_GUESSES = 20;
const WITHIN_SECONDS = 60;

/** How often each address has shown a secret that is none. */
export class Guesses {
  readonly #wrong = new RateLimiterMemory({ points: MAX_GUESSES, duration: WITHIN_SECONDS });

  /** `of`: whose secret is shown, where each is counted apart. Throws RequestProblem. */
  async refuse({ ip }: FastifyRequest, reply: FastifyReply, of = ''): Promise<void> {
    const past = await this.#wrong.get(keyOf(ip, of));
    if (past === null || past.remainingPoints > 0) return;
    const seconds = Math.ceil(past.msBeforeNext / 1000);
    reply.header('retry-after', seconds);
    const limit = `${MAX_GUESSES} requests without a valid token in a minute`;
    throw new RequestProblem(429, `this address made ${limit}; try again in ${seconds} s`);
  }

  /** An address that is over its limit is refused from its next request on. */
  async wrong({ ip }: FastifyRequest, of = ''): Promise<void> {
    await this.#wrong.consume(keyOf(ip, of)).catch(() => undefined);
  }
}

const keyOf = (ip: string, of: string) => `${addressGroup(ip)} ${of}`;
