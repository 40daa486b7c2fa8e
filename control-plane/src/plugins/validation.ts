import { schemaProblems, searchedPart } from '@oversoak/contracts';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { RequestProblem } from './problems.ts';

/** The parts of a request, for messages to people. */
const PARTS: Record<string, string> = {
  params: 'the path is not valid',
  querystring: 'the query is not valid',
  headers: 'the headers are not valid',
  body: 'the body is not valid',
};

/** Query and path values arrive as text: they are converted, defaulted and then checked. */
const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  return (input: unknown) => {
    // Fastify gives null where no body came.
    const given = httpPart === 'body' ? searchedPart(input ?? undefined) : input;
    const value: unknown = Value.Default(schema, Value.Convert(schema, given));
    const problems = schemaProblems(schema, value);
    if (problems.length === 0) return { value };
    return {
      error: new RequestProblem(400, PARTS[httpPart ?? ''] ?? 'the request is not valid', problems),
    };
  };
};

type Validator = ReturnType<typeof compileValidator>;

/** For a route whose body needs more checks than its schema; the rest is validated as usual. */
export function validatorOfBody(check: Validator): FastifySchemaCompiler<TSchema> {
  return (part) => (part.httpPart === 'body' ? check : compileValidator(part));
}

/** TypeBox validates requests; responses are plain JSON of checked types. */
export function useValidation(app: FastifyInstance): void {
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
}
