import type { Problem } from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import { readJson } from '../submit/read-json.ts';
import { readYaml } from '../submit/read-spec.ts';
import { utf8Text } from '../submit/utf8-text.ts';
import { RequestProblem } from './problems.ts';

export const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
/** Media types of a spec, for OpenAPI. */
export const JSON_OR_YAML = ['application/json', ...YAML_TYPES];

/** Bodies may be YAML as well as JSON. */
export function takeYaml(app: FastifyInstance): void {
  const parse = async (_request: unknown, body: Buffer) => {
    const decoded = utf8Text(body);
    const read = 'text' in decoded ? readYaml(decoded.text) : decoded;
    if ('problems' in read) throw refused('YAML', read.problems);
    return read.value;
  };
  app.addContentTypeParser(YAML_TYPES, { parseAs: 'buffer' }, parse);
}

/** JSON as strict as YAML: refuses duplicate keys and deep nesting. Nothing at all is no body. */
export function takeStrictJson(app: FastifyInstance): void {
  // Fastify's own parser refuses also what would reach a prototype.
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  const options = { parseAs: 'buffer' } as const;
  app.addContentTypeParser('application/json', options, (request, body: Buffer, done) => {
    // Many clients send the type with every request, also where there is nothing to say.
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    const decoded = utf8Text(body);
    if ('problems' in decoded) {
      done(refused('JSON', decoded.problems), undefined);
      return;
    }
    const read = readJson(decoded.text);
    if ('problems' in read) done(refused('JSON', read.problems), undefined);
    else parse(request, decoded.text, done);
  });
}

const refused = (language: string, problems: readonly Problem[]) =>
  new RequestProblem(400, `body is not valid ${language}`, problems);
