import { Readable } from 'node:stream';
import { schemaProblems } from '@oversoak/contracts';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { RequestProblem } from './problems.ts';

/** Query and path values arrive as text: they are converted, defaulted and then checked. */
const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  return (input: unknown) => {
    const value: unknown = Value.Default(schema, Value.Convert(schema, input));
    const problems = schemaProblems(schema, value);
    if (problems.length === 0) return { value };
    return { error: new RequestProblem(400, `${httpPart ?? 'request'} is not valid`, problems) };
  };
};

type Validator = ReturnType<typeof compileValidator>;

/** For a route whose body needs more checks than its schema; the rest is validated as usual. */
export function validatorOfBody(check: Validator): FastifySchemaCompiler<TSchema> {
  return (part) => (part.httpPart === 'body' ? check : compileValidator(part));
}

/** Deeper than any valid body. Copies and checks recurse, so the depth must be bounded. */
const MAX_DEPTH = 64;

function tooDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

/** TypeBox validates requests; responses are plain JSON of checked types. */
export function useValidation(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body }) => {
    if (body instanceof Readable || !tooDeep(body)) return;
    throw new RequestProblem(400, `the body is nested deeper than ${MAX_DEPTH} levels`);
  });
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
}
