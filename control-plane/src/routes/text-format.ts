import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';

const TEXT_TYPES = { csv: 'text/csv', markdown: 'text/markdown' } as const;
type TextFormat = keyof typeof TEXT_TYPES;

/** The query field of a route that answers in several formats. */
export const Format = Type.Optional(
  Type.Enum(['json', 'csv', 'markdown'], { description: 'else by Accept' }),
);

/** What `format` asks for, otherwise the header Accept. */
export function formatOf(
  format: 'json' | TextFormat | undefined,
  accept = '',
): 'json' | TextFormat {
  if (format !== undefined) return format;
  const accepted = (Object.keys(TEXT_TYPES) as TextFormat[]).find((name) =>
    accept.includes(TEXT_TYPES[name]),
  );
  return accepted ?? 'json';
}

/** Sends what is already text: the serializer of the route's JSON must not quote it. */
export function sendText(reply: FastifyReply, format: TextFormat, text: string): FastifyReply {
  reply.type(`${TEXT_TYPES[format]}; charset=utf-8`).serializer((given: unknown) => String(given));
  return reply.send(text);
}
