import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

const TEXT_TYPES = { csv: 'text/csv', markdown: 'text/markdown', html: 'text/html' } as const;
type TextFormat = keyof typeof TEXT_TYPES;

/** The query field of a route that answers as JSON and in these formats. */
export const formatField = <F extends TextFormat>(formats: readonly F[]) =>
  Type.Optional(
    Type.Enum(['json', ...formats] as ['json', ...F[]], { description: 'else by Accept' }),
  );

/** The format of the query, otherwise that of the Accept header. */
export function formatOf<F extends TextFormat>(
  formats: readonly F[],
  format: 'json' | F | undefined,
  accept = '',
): 'json' | F {
  if (format !== undefined) return format;
  return formats.find((name) => accept.includes(TEXT_TYPES[name])) ?? 'json';
}

/** Sends text unchanged: the serializer of the route's JSON must not quote it. */
export function sendText(reply: FastifyReply, format: TextFormat, text: string): FastifyReply {
  reply.type(`${TEXT_TYPES[format]}; charset=utf-8`).serializer((given: unknown) => String(given));
  return reply.send(text);
}
