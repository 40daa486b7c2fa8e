import type { Attributes } from './telemetry.ts';

/** What every span of a BullMQ job has; `id` undefined: the job has none. */
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
