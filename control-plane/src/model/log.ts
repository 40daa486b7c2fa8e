/** What the parts outside Fastify need of its logger; a test passes an object literal. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
