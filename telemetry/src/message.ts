import type { Attributes } from './telemetry.ts';

/** Attributes of every span of a BullMQ job; `id` is undefined if the job has none. */
export function messageAttributes(
  operation: 'send' | 'process',
  queue: string,
  id: string | undefined,
): Attributes {
  return {
    'messaging.system': 'bullmq',
    'messaging.destination.name': queue,
    'messaging.operation.type': operation,
    ...(id === undefined ? {} : { 'messaging.message.id': id }),
  };
}
