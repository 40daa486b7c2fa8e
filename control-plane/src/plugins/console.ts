import fastifyStatic from '@fastify/static';
import { WEB_FOLDER } from '@oversoak/console';
import type { FastifyInstance } from 'fastify';

/** Only what the control plane itself serves; no script or style in a page's text. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The web console at `/`: files that the build made, open to anybody; its data needs the token. */
export async function useConsole(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: WEB_FOLDER,
    wildcard: false,
    decorateReply: false,
    schemaHide: true,
    // The names of assets hold their content; the page itself names the newest.
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isAsset = /[\\/]assets[\\/]/.test(path);
      // Off HTTPS a browser ignores these, and says so as an error.
      reply.removeHeader('cross-origin-opener-policy').removeHeader('origin-agent-cluster');
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
      reply.header('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
