import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Audit } from '../store/audit.ts';

const READS = ['GET', 'HEAD', 'OPTIONS'];
/** Authentication that failed, or that was not even checked. */
const REFUSED = [401, 403, 429];

/** Pure: whether a request changed something, tried to, or was refused because of its caller. */
export function isAudited(method: string, statusCode: number): boolean {
  return !READS.includes(method) || REFUSED.includes(statusCode);
}

function subjectOf({ params }: FastifyRequest): string | null {
  const values = Object.values((params ?? {}) as Record<string, string>);
  return values.length === 0 ? null : values.join(' ');
}

/** Every change and every refused authentication of the scope goes to the audit. */
export function useAudit(app: FastifyInstance, audit: Pick<Audit, 'note' | 'noteRefused'>): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, ip, caller, routeOptions, refusedQuota } = request;
    if (!isAudited(method, reply.statusCode)) return;
    const event = {
      who: caller === null ? null : `${caller.name} (${caller.id})`,
      from: ip,
      action: `${method} ${routeOptions.url ?? ''}`,
      subject: subjectOf(request),
      outcome: `${reply.statusCode}${refusedQuota === null ? '' : ` quota ${refusedQuota}`}`,
    };
    if (REFUSED.includes(reply.statusCode)) await audit.noteRefused(event);
    else await audit.note(event);
  });
}
