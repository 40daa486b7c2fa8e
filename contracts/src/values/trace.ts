import { Type } from 'typebox';

/** Not checked by its schema: a message is not refused because its trace cannot be read. */
export const Trace = Type.String({
  description: 'W3C traceparent of the cause, used only for traces',
});

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The traceparent as it came with a request or message; undefined where it cannot be read. */
export function readTrace(text: unknown): string | undefined {
  return typeof text === 'string' && TRACEPARENT.test(text) ? text : undefined;
}
