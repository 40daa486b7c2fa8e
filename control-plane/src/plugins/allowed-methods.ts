import type { FastifyInstance } from 'fastify';
import FindMyWay, { type HTTPMethod } from 'find-my-way';

/**
 * The methods that a path has routes for, of routes that are registered from now on; Fastify itself
 * answers 404 for the others.
 */
export function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const router = FindMyWay();
  const methods = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) {
      methods.add(each);
      if (!router.hasRoute(each as HTTPMethod, url)) {
        router.on(each as HTTPMethod, url, () => undefined);
      }
    }
  });
  return (path) =>
    [...methods].filter((method) => router.find(method as HTTPMethod, path) !== null);
}
