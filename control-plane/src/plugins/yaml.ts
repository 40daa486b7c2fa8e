import type { FastifyInstance } from 'fastify';
import { readJson } from '../submit/read-json.ts';
import { readYaml } from '../submit/read-spec.ts';
import { RequestProblem } from './problems.ts';

export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
/** Media types of a spec, for OpenAPI. */
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

/** JSON as strict as YAML: refuses duplicate keys and deep nesting. Nothing at all is no body. */
export function takeStrictJson(app: FastifyInstance): void {
  // Fastify's own parser refuses also what would reach a prototype.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    // Many clients send the type with every request, also where there is nothing to say.
    if (text === '') {
      done(null, undefined);
      return;
    }
    const read = readJson(text);
    if ('problems' in read) {
      done(new RequestProblem(400, 'body is not valid JSON', read.problems), undefined);
      return;
    }
    parse(request, text, done);
  });
}
