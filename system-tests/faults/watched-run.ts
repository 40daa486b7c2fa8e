import type { Run, RunEvent, RunResult, RunState, Sample } from '@oversoak/contracts';
import { until } from '@oversoak/testing/waiting/until';
import { ApiClient } from 'oversoak/api/client';
import { TOKEN } from './plane-process.ts';

export type FinishedRun = Run & { result: RunResult | null };

interface SamplesPage {
  samples: Sample[];
  nextCursor: string | null;
}

/** A run as a client of the API sees it, over every outage on the way. */
export class WatchedRun {
  readonly soakId: string;
  readonly runId: string;
  readonly states: RunState[] = [];
  readonly samples: Sample[] = [];
  readonly #url: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #failure: unknown;

  constructor(url: string, soakId: string, runId: string) {
    this.#url = url;
    this.soakId = soakId;
    this.runId = runId;
    this.#ended = this.#watch().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#failure = error;
    });
  }

  /** Answers once the run has been in the state, or is done without. */
  async reach(state: RunState): Promise<void> {
    await this.#until(state, () => this.states.includes(state));
    if (!this.states.includes(state)) {
      throw new Error(`${this.runId} was never ${state}, only ${this.states.join(', ')}`);
    }
  }

  async sampled(phase: Sample['phase']): Promise<void> {
    await this.#until(`sampled while ${phase}`, () =>
      this.samples.some((sample) => sample.phase === phase),
    );
  }

  async done(withinMs: number): Promise<void> {
    await this.#until('done', () => this.states.includes('done'), withinMs);
    await this.#ended;
  }

  get(): Promise<FinishedRun> {
    return this.#json(`/v1/runs/${this.runId}`);
  }

  async storedSamples(): Promise<Sample[]> {
    const stored: Sample[] = [];
    for (let cursor = ''; ; ) {
      const page = `/v1/runs/${this.runId}/samples?limit=1000${cursor}`;
      const { samples, nextCursor } = await this.#json<SamplesPage>(page);
      if (samples.length === 0) return stored;
      stored.push(...samples);
      cursor = `&cursor=${nextCursor}`;
    }
  }

  async #json<T>(path: string): Promise<T> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await fetch(this.#url + path, { headers });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  #until(what: string, holds: () => boolean, withinMs?: number): Promise<boolean> {
    const ask = async () => {
      if (this.#failure !== undefined) throw this.#failure;
      return holds() || (this.states.includes('done') && what !== 'done');
    };
    return until(`${this.runId} is ${what} after ${this.states.join(', ')}`, ask, withinMs);
  }

  async #watch(): Promise<void> {
    const api = new ApiClient({ url: this.#url, token: TOKEN });
    for await (const event of api.runEvents(this.runId, this.#stop.signal)) this.#take(event);
  }

  #take(event: RunEvent): void {
    if (event.kind === 'state') this.states.push(event.state);
    else this.samples.push(event.sample);
  }
}
