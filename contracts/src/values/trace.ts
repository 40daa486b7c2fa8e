import { Type } from 'typebox';

/**
 * The schema does not validate it: a message must not be refused because of an unreadable trace.
 */
export const Trace = Type.String({
  description: 'W3C traceparent of the cause, used only for traces',
});

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The traceparent of a request or message; undefined if it cannot be parsed. */
export function readTrace(text: unknown): string | undefined {
  return typeof text === 'string' && TRACEPARENT.test(text) ? text : undefined;
}
