import type {} from '@fastify/swagger';
import { hasHalfCharacter } from '@oversoak/contracts';
import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import type { OpenApi, Operation } from './fuzz/requests.ts';

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

type Check = (value: unknown) => string | null;

/** The ways in which a sound service may be unavailable. */
const UNAVAILABLE = /is overloaded|event streams are open|comparisons are being computed/;

/** The document with what each reference names in its place; none of ours refers to itself. */
export function withoutReferences(document: OpenApi): OpenApi {
  const resolved = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return node.map(resolved);
    if ('$ref' in node && typeof node.$ref === 'string') {
      const named = node.$ref
        .split('/')
        .slice(1)
        .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], document);
      return resolved(named);
    }
    return Object.fromEntries(Object.entries(node).map(([name, part]) => [name, resolved(part)]));
  };
  return resolved(document) as OpenApi;
}

/** Holds answers against the document: what it says of a status is what comes. */
export class Answers {
  readonly #document: OpenApi;
  readonly #checks = new Map<object, Check>();

  constructor(document: OpenApi) {
    this.#document = document;
  }

  /** Every path of a route in the document, with its operations. */
  operation(path: string, method: string): Operation | undefined {
    return this.#document.paths[path]?.[method.toLowerCase()];
  }

  /** What is wrong with an answer, or null. */
  fault(path: string, method: string, answer: Answer): string | null {
    const { status } = answer;
    const operation = this.operation(path, method);
    const declared =
      operation?.responses[status] ?? operation?.responses[`${status}`.replace(/..$/, 'XX')];
    if (status >= 500 && !(status === 503 && UNAVAILABLE.test(answer.body))) {
      return `answers ${status}`;
    }
    if (method === 'HEAD' || method === 'OPTIONS') return null;
    if (status >= 400 && !/^application\/problem\+json\b/.test(answer.contentType)) {
      return `answers ${status} as "${answer.contentType}"`;
    }
    if (operation === undefined) return null;
    if (declared === undefined) return `answers ${status}, which is not declared`;
    const type = answer.contentType.split(';')[0]?.trim() ?? '';
    if (!/\bjson$/.test(type) || type.includes('ndjson')) return null;
    const schema = declared.content?.[type]?.schema;
    if (schema === undefined) return `answers ${status} as "${type}", which is not declared`;
    if (hasHalfCharacter(answer.body)) return 'has half a character';
    return this.#check(schema)(JSON.parse(answer.body));
  }

  #check(schema: object): Check {
    const known = this.#checks.get(schema);
    if (known !== undefined) return known;
    const compiled = Compile(schema);
    const check: Check = (value) => {
      if (compiled.Check(value)) return null;
      const [first] = compiled.Errors(value);
      return `does not match its schema at "${first?.instancePath}": ${first?.message}`;
    };
    this.#checks.set(schema, check);
    return check;
  }
}

/**
 * Holds every answer of an app, whose routes are still to come, against its own document. The
 * function returns what was wrong so far.
 */
export function watchAnswers(app: FastifyInstance): () => string[] {
  const faults: string[] = [];
  let answers: Answers | null = null;
  app.addHook('onSend', async ({ method, routeOptions }, reply, payload) => {
    answers ??= new Answers(withoutReferences(app.swagger() as unknown as OpenApi));
    const path = (routeOptions.url ?? '').replace(/:(\w+)/g, '{$1}');
    const body = typeof payload === 'string' ? payload : '';
    const contentType = String(reply.getHeader('content-type') ?? '');
    const fault = answers.fault(path, method, { status: reply.statusCode, contentType, body });
    if (fault !== null) faults.push(`${method} ${path}: ${fault}`);
  });
  return () => faults;
}

/** Adds the values of the fields that paths have as parameters, wherever they stand. */
export function learn(value: unknown, known: Map<string, string[]>): void {
  if (value === null || typeof value !== 'object') return;
  for (const [name, part] of Object.entries(value)) {
    const list = known.get(name);
    if (typeof part === 'string' && list !== undefined && !list.includes(part)) list.push(part);
    learn(part, known);
  }
}
