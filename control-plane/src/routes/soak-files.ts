import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Soak } from '@oversoak/contracts';
import { Type } from 'typebox';
import { ownerOf } from '../plugins/auth.ts';
import { ProblemDetails, RequestProblem } from '../plugins/problems.ts';
import { soakFileLines } from '../transfer/write-file.ts';
import { acceptsGzip } from './accepts-gzip.ts';
import type { Cluster } from './cluster.ts';
import { SoakParams } from './params.ts';
import { soakView } from './soak-view.ts';

const NDJSON = 'application/x-ndjson';
const FILE_TYPES = [NDJSON, 'application/gzip'];

const secured = { security: [{ token: [] }], tags: ['soaks'] };

/** Export and import of a soak as one file. */
export const soakFileRoutes: FastifyPluginAsyncTypebox<{ cluster: Cluster }> = async (
  app,
  { cluster },
) => {
  const { soaks, runs } = cluster;

  app.get(
    '/soaks/:soakId/export',
    {
      config: { access: 'reader' },
      schema: {
        operationId: 'exportSoak',
        summary: 'a finished soak as one file, one JSON text per line; gzip if accepted',
        ...secured,
        produces: [NDJSON],
        params: SoakParams,
        response: {
          200: Type.Unsafe<Readable>(
            Type.String({ description: 'lines: the soak, a run each, the end with a sha256' }),
          ),
          404: ProblemDetails,
          409: ProblemDetails,
        },
      },
    },
    async (request, reply) => {
      const { soakId } = request.params;
      const stored = await soaks.get(soakId);
      if (stored === null) throw new RequestProblem(404, `no soak "${soakId}"`);
      if (stored.progress.done < stored.soak.runIds.length) {
        throw new RequestProblem(409, `soak "${soakId}" is not done`);
      }
      const lines = Readable.from(soakFileLines(stored.soak, runs));
      reply.type(NDJSON).header('vary', 'accept-encoding');
      if (!acceptsGzip(request.headers['accept-encoding'])) return reply.send(lines);
      const packed = createGzip();
      lines.on('error', (error) => packed.destroy(error)).pipe(packed);
      return reply.header('content-encoding', 'gzip').send(packed);
    },
  );

  app.addContentTypeParser(FILE_TYPES, async (_request: unknown, body: Readable) => body);

  app.post(
    '/soaks/import',
    {
      config: { access: 'admin', changes: true },
      schema: {
        operationId: 'importSoak',
        summary:
          'store a soak from its file, plain or gzip, completely or not at all; 200: it already existed',
        ...secured,
        consumes: FILE_TYPES,
        body: Type.Unsafe<Readable>(Type.String({ description: 'the response of an export' })),
        response: {
          200: Soak,
          201: Soak,
          400: ProblemDetails,
          409: ProblemDetails,
          413: ProblemDetails,
          429: ProblemDetails,
        },
      },
      // Checked line by line as it arrives.
      validatorCompiler: () => (value: unknown) => ({ value }),
    },
    async ({ body, caller }, reply) => {
      if (!(body instanceof Readable)) {
        throw new RequestProblem(415, `the file must have the type ${FILE_TYPES.join(' or ')}`);
      }
      const imported = await cluster.import(body, ownerOf(caller));
      const stored = await soaks.get(imported.soakId);
      if (stored === null) throw new RequestProblem(404, `soak "${imported.soakId}" was deleted`);
      reply.code(imported.created ? 201 : 200).header('location', `/v1/soaks/${imported.soakId}`);
      return soakView(stored, await runs.getAll(stored.soak.runIds), null);
    },
  );
};
