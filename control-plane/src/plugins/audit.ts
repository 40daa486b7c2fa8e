import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Audit } from '../store/audit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a request can change something; under `useAudit`, every route but those that read says it. */
    changes?: boolean;
  }
}

const READS = ['GET', 'HEAD', 'OPTIONS'];
/** Authentication that failed, or that was not even checked. */
const REFUSED = [401, 403, 429];

/**
 * Pure: what a request was for the audit. A request that was refused for whatever reason has changed
 * nothing, and neither has one of somebody unknown. null: it is not in the audit.
 */
export function auditedAs(
  changes: boolean,
  isKnown: boolean,
  statusCode: number,
): 'change' | 'refusal' | null {
  if (REFUSED.includes(statusCode)) return 'refusal';
  if (!changes) return null;
  return isKnown && (statusCode < 400 || statusCode >= 500) ? 'change' : 'refusal';
}

function subjectOf({ params }: FastifyRequest): string | null {
  const values = Object.values((params ?? {}) as Record<string, string>);
  return values.length === 0 ? null : values.join(' ');
}

/** Every change of the scope, and every refusal of one or of a caller, goes to the audit. */
export function useAudit(app: FastifyInstance, audit: Pick<Audit, 'note' | 'noteRefused'>): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if ([method].flat().every((each) => READS.includes(each)) || config?.changes !== undefined)
      return;
    throw new Error(
      `${method} ${url} does not say whether it changes something: set config.changes`,
    );
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip, caller, routeOptions, refusedQuota } = request;
    const changes = routeOptions.config.changes === true;
    const kind = auditedAs(changes, caller !== null, reply.statusCode);
    if (kind === null) return;
    const event = {
      who: caller === null ? null : `${caller.name} (${caller.id})`,
      from: ip,
      action: `${method} ${routeOptions.url ?? ''}`,
      subject: subjectOf(request),
      outcome: `${reply.statusCode}${refusedQuota === null ? '' : ` quota ${refusedQuota}`}`,
    };
    if (kind === 'refusal') await audit.noteRefused(event);
    else await audit.note(event);
  });
}
