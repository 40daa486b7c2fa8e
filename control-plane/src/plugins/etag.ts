import etag from '@fastify/etag';
import type { FastifyInstance } from 'fastify';

/**
 * A JSON answer has the hash of its bytes as ETag, and is not sent to a caller who has it: the
 * results of finished soaks have megabytes and hardly ever change. A route may set its own.
 */
export async function useEtags(app: FastifyInstance): Promise<void> {
  await app.register(etag, { algorithm: 'sha1' });
  app.addHook('onSend', async ({ method }, reply, payload) => {
    // The caller may store it, and must revalidate it before each use.
    const isAnswer = method === 'GET' && typeof payload === 'string' && reply.statusCode < 400;
    if (isAnswer && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'private, no-cache');
    }
    return payload;
  });
}
