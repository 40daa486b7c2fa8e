import type { FastifyInstance } from 'fastify';
import { readYaml } from '../submit/read-spec.ts';
import { RequestProblem } from './problems.ts';

export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
/** What a route that takes a spec consumes, for OpenAPI. */
export const JSON_OR_YAML = ['application/json', ...YAML_TYPES];

/** Bodies may be YAML as well as JSON. */
export function takeYaml(app: FastifyInstance): void {
  const parse = async (_request: unknown, body: string) => {
    const read = readYaml(body);
    if ('problems' in read) throw new RequestProblem(400, 'body is not valid YAML', read.problems);
    return read.value;
  };
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, parse);
}
