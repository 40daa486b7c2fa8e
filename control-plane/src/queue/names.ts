/** The control plane's own queues; agents' and that of their reports are contracts'. */
export const DISPATCH_QUEUE = 'run-dispatch';
export const TICKS_QUEUE = 'soak-ticks';
export const WEBHOOKS_QUEUE = 'webhooks';
