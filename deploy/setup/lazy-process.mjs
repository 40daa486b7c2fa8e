/**
 * Libraries that import all of Node's "process" also evaluate its standard input, which throws
 * under Wine on a pipe that was created outside. This esbuild plugin gives them a proxy that
 * evaluates only the requested properties.
 */
export const lazyProcess = {
  name: 'lazy process',
  setup(build) {
    build.onResolve({ filter: /^(node:)?process$/ }, ({ path }) => ({ path, namespace: 'lazy' }));
    build.onLoad({ filter: /./, namespace: 'lazy' }, () => ({
      contents: 'module.exports = globalThis.process;',
    }));
  },
};
