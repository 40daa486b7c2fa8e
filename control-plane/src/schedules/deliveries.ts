import type { WebhookEvent } from '@oversoak/contracts';
import type { Job, Queue } from 'bullmq';
import { WEBHOOKS_QUEUE } from '../queue/names.ts';
import { notBefore, openQueue, type QueueDeps } from '../queue/short-jobs.ts';
import type { Schedules } from '../store/schedules.ts';
import { CannotOpen, type SealedSecrets } from '../store/sealed-secrets.ts';
import { NotDelivered, postWebhook } from './post-webhook.ts';

/** Waits of 5 s, 10 s, 20 s, ... between 15 attempts: 23 hours, so a receiver may be away a night. */
export const WEBHOOK_RETRIES = { attempts: 15, firstWaitMs: 5000 } as const;

export interface DeliveriesDeps extends QueueDeps {
  schedules: Pick<Schedules, 'get' | 'entry' | 'noteDelivery'>;
  retries: { attempts: number; firstWaitMs: number };
  secrets: Pick<SealedSecrets, 'open'>;
  /** Addresses that webhooks may call although they are not public. */
  webhookTargets: readonly string[];
}

/** Delivers events to schedule webhooks. Each event is one job, even if requested repeatedly. */
export class Deliveries {
  readonly #deps: DeliveriesDeps;
  readonly #queue: Queue<WebhookEvent>;
  readonly #stopping = new AbortController();

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
    this.#queue = openQueue<WebhookEvent>(WEBHOOKS_QUEUE, deps);
  }

  /** Idempotent: an event whose delivery has ended is not sent again. */
  async send(event: WebhookEvent): Promise<void> {
    const { schedules, retries } = this.#deps;
    const { schedule: name, tickAtMs } = event.data;
    const entry = await schedules.entry(name, tickAtMs);
    if (entry === null || isOver(entry.webhook)) return;
    if (entry.webhook === null) await schedules.noteDelivery(name, tickAtMs, 'pending');
    await this.#queue.add(event.type, event, {
      jobId: eventId(event),
      attempts: retries.attempts,
      backoff: { type: 'exponential', delay: retries.firstWaitMs },
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  /** One attempt. Throws NotDelivered if BullMQ should retry. */
  async deliver(job: Job<WebhookEvent>, token: string | undefined): Promise<void> {
    const { schedules, retries, log } = this.#deps;
    const { schedule: name, tickAtMs } = job.data.data;
    // Read at each attempt, so that a user can correct a wrong address between retries.
    const webhook = (await schedules.get(name))?.schedule.webhook;
    const note = (became: string) => schedules.noteDelivery(name, tickAtMs, became);
    if (webhook === undefined) {
      await note('failed: the schedule has no webhook any more');
      return;
    }
    const { signal } = this.#stopping;
    const { webhookTargets: allowed } = this.#deps;
    try {
      const text = JSON.stringify(job.data);
      const { url } = webhook;
      const secret = opened(webhook.secret, name, this.#deps.secrets);
      await postWebhook({ url, secret }, eventId(job.data), text, { allowed, stopping: signal });
    } catch (error) {
      // This control plane is stopping, so the attempt does not count against the receiver.
      if (signal.aborted) await notBefore(Date.now() + retries.firstWaitMs, Date.now(), job, token);
      if (!(error instanceof NotDelivered)) throw error;
      const attempt = job.attemptsMade + 1;
      const attempts = job.opts.attempts ?? 1;
      const { message } = error;
      log.warn({ schedule: name, tickAtMs, attempt, attempts, message }, 'webhook not delivered');
      const goesOn = attempt < attempts;
      await note(
        goesOn ? `pending: attempt ${attempt} of ${attempts}: ${message}` : `failed: ${message}`,
      );
      if (goesOn) throw error;
      return;
    }
    await note('delivered');
  }

  /** Cancels attempts in progress, because a receiver may be slow; their jobs are retried later. */
  stop(): void {
    this.#stopping.abort();
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

/** Throws NotDelivered: the operator may bring the key back between two attempts. */
function opened(stored: string, schedule: string, secrets: DeliveriesDeps['secrets']): string {
  try {
    return secrets.open(stored, schedule);
  } catch (error) {
    if (!(error instanceof CannotOpen)) throw error;
    throw new NotDelivered(`its secret cannot be opened: ${error.message}`);
  }
}

function isOver(webhook: string | null): boolean {
  return webhook === 'delivered' || webhook?.startsWith('failed: ') === true;
}

/** The same at each attempt, so that a receiver recognises a repeated delivery. */
function eventId({ data: { soakId, schedule, tickAtMs } }: WebhookEvent): string {
  return `webhook-${soakId ?? `${schedule}-${tickAtMs}`}`;
}
