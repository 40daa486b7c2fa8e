/** Queues private to the control plane. Contracts defines those of agents and their reports. */
export const DISPATCH_QUEUE = 'run-dispatch';
export const TICKS_QUEUE = 'soak-ticks';
export const WEBHOOKS_QUEUE = 'webhooks';
