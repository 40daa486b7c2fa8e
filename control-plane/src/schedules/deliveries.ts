import type { WebhookEvent } from '@oversoak/contracts';
import type { Job, Queue } from 'bullmq';
import { WEBHOOKS_QUEUE } from '../queue/names.ts';
import { notBefore, openQueue, type QueueDeps } from '../queue/short-jobs.ts';
import type { Schedules } from '../store/schedules.ts';
import { NotDelivered, postWebhook } from './post-webhook.ts';

/** Waits of 5 s, 10 s, 20 s, ... between 15 attempts: 23 hours, so a receiver may be away a night. */
export const WEBHOOK_RETRIES = { attempts: 15, firstWaitMs: 5000 } as const;

export interface DeliveriesDeps extends QueueDeps {
  schedules: Pick<Schedules, 'get' | 'entry' | 'noteDelivery'>;
  retries: { attempts: number; firstWaitMs: number };
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

  /** Once for each event: one whose delivery came to an end is not sent again. */
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

  /** One attempt; throws NotDelivered when there is to be another. */
  async deliver(job: Job<WebhookEvent>, token: string | undefined): Promise<void> {
    const { schedules, retries, log } = this.#deps;
    const { schedule: name, tickAtMs } = job.data.data;
    // As it is put now: a wrong address can be mended while it is tried again.
    const webhook = (await schedules.get(name))?.schedule.webhook;
    const note = (became: string) => schedules.noteDelivery(name, tickAtMs, became);
    if (webhook === undefined) {
      await note('failed: the schedule has no webhook any more');
      return;
    }
    const { signal } = this.#stopping;
    try {
      await postWebhook(webhook, eventId(job.data), JSON.stringify(job.data), signal);
    } catch (error) {
      // That this control plane stops is no fault of the receiver's: the attempt does not count.
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

  /** Gives up what is on its way, for a receiver may take long; the jobs are done later. */
  stop(): void {
    this.#stopping.abort();
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

function isOver(webhook: string | null): boolean {
  return webhook === 'delivered' || webhook?.startsWith('failed: ') === true;
}

/** The same at each attempt, so that a receiver can recognise a repeated delivery. */
function eventId({ data: { soakId, schedule, tickAtMs } }: WebhookEvent): string {
  return `webhook-${soakId ?? `${schedule}-${tickAtMs}`}`;
}
