import { PROBLEM_RESPONSE } from './problems.ts';

interface Response {
  $ref?: string;
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}

interface Operation {
  security?: readonly unknown[];
  parameters?: { name: string; in: string }[];
  responses: Record<string, Response>;
}

const text = { type: 'string' };
const seconds = { type: 'integer', minimum: 0 };

const HEADERS = {
  ETag: {
    description: 'identifies the answer; send it as If-None-Match to get 304 while it is the same',
    schema: text,
  },
  Location: { description: 'path of what was created', schema: text },
  RetryAfter: { description: 'seconds after which to try again', schema: seconds },
  WWWAuthenticate: {
    description: 'RFC 6750: `Bearer realm="oversoak"`, with the `error` of a token that was sent',
    schema: text,
  },
};

const header = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

const RESPONSES = {
  Unauthorized: {
    ...PROBLEM_RESPONSE,
    description: 'no token, or not a valid one',
    headers: { 'WWW-Authenticate': header('WWWAuthenticate') },
  },
  Forbidden: {
    ...PROBLEM_RESPONSE,
    description: 'the role of the token does not include this',
    headers: { 'WWW-Authenticate': header('WWWAuthenticate') },
  },
  TooManyRequests: {
    ...PROBLEM_RESPONSE,
    description: 'the address made too many requests within a minute',
    headers: { 'Retry-After': header('RetryAfter') },
  },
  NotModified: {
    description: 'the answer is the one that If-None-Match names',
    headers: { ETag: header('ETag') },
  },
};

const response = (name: keyof typeof RESPONSES) => ({ $ref: `#/components/responses/${name}` });

const IF_NONE_MATCH = {
  name: 'if-none-match',
  in: 'header',
  required: false,
  description: 'an ETag: 304 without a body while the answer is the same',
  schema: text,
};

/** Whether the answer is one JSON text, which gets an ETag. */
const isTagged = ({ content = {} }: Response) => 'application/json' in content;

function withAnswers(method: string, operation: Operation): Operation {
  const responses = { ...operation.responses };
  const parameters = [...(operation.parameters ?? [])];
  const { 200: ok, 201: created } = responses;
  if (method === 'get' && ok !== undefined && isTagged(ok)) {
    responses[200] = { ...ok, headers: { ...ok.headers, ETag: header('ETag') } };
    responses[304] = response('NotModified');
    const names = parameters.map(({ name }) => name);
    if (!names.includes(IF_NONE_MATCH.name)) parameters.push(IF_NONE_MATCH);
  }
  if (created !== undefined) {
    responses[201] = { ...created, headers: { ...created.headers, Location: header('Location') } };
  }
  if ((operation.security ?? []).length > 0) {
    responses[401] = response('Unauthorized');
    responses[403] = response('Forbidden');
  }
  responses[429] = response('TooManyRequests');
  return { ...operation, ...(parameters.length === 0 ? {} : { parameters }), responses };
}

interface Document {
  paths?: Record<string, object | undefined> | undefined;
  components?: object;
}

/** The document with the headers and refusals that plugins, and not the routes, add. */
export function withCommonAnswers<D extends Document>(document: D): D {
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods ?? {}).map(([method, operation]) => [
          method,
          withAnswers(method, operation as Operation),
        ]),
      ),
    ]),
  );
  const components = { ...document.components, headers: HEADERS, responses: RESPONSES };
  return { ...document, paths, components };
}
