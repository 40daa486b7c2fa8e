import { schemaProblems } from '@oversoak/contracts';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { RequestProblem } from './problems.ts';

/** Query and path values arrive as text: they are converted, filled in and then checked. */
const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  return (input: unknown) => {
    const value: unknown = Value.Default(schema, Value.Convert(schema, input));
    const problems = schemaProblems(schema, value);
    if (problems.length === 0) return { value };
    return { error: new RequestProblem(400, `${httpPart ?? 'request'} is not valid`, problems) };
  };
};

type Validator = ReturnType<typeof compileValidator>;

/** For a route whose body is more than its schema says; the rest is checked as everywhere. */
export function validatorOfBody(check: Validator): FastifySchemaCompiler<TSchema> {
  return (part) => (part.httpPart === 'body' ? check : compileValidator(part));
}

/** TypeBox checks what comes in; what goes out is plain JSON of checked types. */
export function useValidation(app: FastifyInstance): void {
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
}
