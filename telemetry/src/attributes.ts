import type { Attributes as SdkAttributes } from '@opentelemetry/api';
import { ATTRIBUTES, type Attribute } from '@oversoak/contracts';
import type { Attributes } from './telemetry.ts';

function typed(name: Attribute, value: string | number): string | number {
  const { type } = ATTRIBUTES[name];
  if (type === 'string') return String(value);
  return type === 'int' ? Math.round(Number(value)) : Number(value);
}

/** The attributes declared for a span or metric, converted to their declared types. */
export function declared(names: readonly Attribute[], attributes: Attributes): SdkAttributes {
  const out: SdkAttributes = {};
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined) out[name] = typed(name, value);
  }
  return out;
}

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
