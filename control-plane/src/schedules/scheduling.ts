import type { WebhookEvent } from '@oversoak/contracts';
import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { TICKS_QUEUE, WEBHOOKS_QUEUE } from '../queue/names.ts';
import { closeWorkers, openWorker, type WorkerDeps } from '../queue/short-jobs.ts';
import type { Runs } from '../store/runs.ts';
import { Schedules } from '../store/schedules.ts';
import { SealedSecrets } from '../store/sealed-secrets.ts';
import type { RequestKey, Soaks } from '../store/soaks.ts';
import type { Submitted } from '../submit/submit.ts';
import { Deliveries, type DeliveriesDeps } from './deliveries.ts';
import { sealStored } from './seal-stored.ts';
import { SoakEnds, type Trends } from './soak-ends.ts';
import { BY_CRON, type TickJob, TickJobs } from './tick-jobs.ts';
import { Ticker, type TickerDeps } from './ticker.ts';

export interface SchedulingDeps
  extends Pick<DeliveriesDeps, 'connection' | 'log' | 'retries' | 'webhookTargets'>,
    Pick<TickerDeps, 'submit' | 'nowMs'>,
    Pick<WorkerDeps, 'writes'> {
  redis: Redis;
  sealingKeys: readonly string[];
  runs: Runs;
  soaks: Soaks;
  trends: Trends;
}

/** Everything about schedules in one control plane, started and closed together. */
export class Scheduling {
  readonly schedules: Schedules;
  readonly soakEnds: SoakEnds;
  readonly #deps: SchedulingDeps;
  readonly #secrets: SealedSecrets;
  readonly #deliveries: Deliveries;
  readonly #ticker: Ticker;
  readonly #ticks: TickJobs;
  #workers: Worker[] = [];

  constructor(deps: SchedulingDeps) {
    const secrets = new SealedSecrets(deps.sealingKeys);
    const schedules = new Schedules(deps.redis, secrets);
    const deliveries = new Deliveries({ ...deps, schedules, secrets });
    this.#secrets = secrets;
    this.#deps = deps;
    this.schedules = schedules;
    const ticker = new Ticker({ ...deps, schedules, deliveries });
    this.soakEnds = new SoakEnds({ ...deps, schedules, deliveries, ticker });
    this.#deliveries = deliveries;
    this.#ticker = ticker;
    this.#ticks = new TickJobs({ ...deps, schedules, ticker });
  }

  /** To be done before the workers start. */
  async sealStored(): Promise<void> {
    await sealStored(this.schedules, this.#secrets, this.#deps.log);
  }

  /** Starts the workers for ticks and deliveries. */
  start(): void {
    const ticks = this.#ticks;
    const deliveries = this.#deliveries;
    this.#workers = [
      openWorker<TickJob>(TICKS_QUEUE, (job, token) => ticks.take(job, token), this.#deps, BY_CRON),
      openWorker<WebhookEvent>(
        WEBHOOKS_QUEUE,
        (job, token) => deliveries.deliver(job, token),
        this.#deps,
      ),
    ];
  }

  /** The schedule is already stored, so the next pass repairs a failure here. */
  async follow(name: string): Promise<void> {
    try {
      await this.#ticks.follow(name);
    } catch (error) {
      this.#deps.log.error(
        { schedule: name, err: error },
        'could not update the job scheduler; retrying',
      );
    }
  }

  run(name: string, request: RequestKey, trace?: string): Promise<Submitted | null> {
    return this.#ticker.run(name, request, trace);
  }

  pass(): Promise<void> {
    return this.#ticks.pass();
  }

  async close(): Promise<void> {
    this.#deliveries.stop();
    await closeWorkers(this.#workers, this.#deps);
    await Promise.all([this.#ticks.close(), this.#deliveries.close()]);
  }
}
