import { setTimeout as delay } from 'node:timers/promises';
import type {
  AgentIdentity,
  EnrolmentRequest,
  JoinToken,
  RunResult,
  Sample,
  Soak,
  SoaksPage,
} from '@oversoak/contracts';
import { busyPauseMs } from './busy-pause.ts';

const PAGE = 100;

/**
 * The part of the REST API that the bench needs. Rejects with the API's error response, after some
 * attempts where the API has too much to do, and in place of a further attempt when `signal` aborts.
 */
export class BenchApi {
  readonly #url: string;
  readonly #token: string;
  readonly #signal: AbortSignal | null;

  constructor({ url, token, signal }: { url: string; token: string; signal?: AbortSignal }) {
    this.#url = url.replace(/\/$/, '');
    this.#token = token;
    this.#signal = signal ?? null;
  }

  submit(spec: object): Promise<Soak> {
    return this.#request('POST', 'soaks', spec);
  }

  soak(soakId: string): Promise<Soak> {
    return this.#request('GET', `soaks/${soakId}`);
  }

  /** The event stream of a soak, from now on, until `signal` aborts. */
  async events(soakId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const answer = await fetch(`${this.#url}/v1/soaks/${soakId}/events`, {
      headers: { authorization: `Bearer ${this.#token}`, accept: 'text/event-stream' },
      signal,
    });
    if (!answer.ok || answer.body === null) {
      throw new Error(`events of ${soakId}: HTTP ${answer.status}`);
    }
    return answer.body;
  }

  /** All samples of a run. */
  async samples(runId: string): Promise<Sample[]> {
    const page: { samples: Sample[] } = await this.#request('GET', `runs/${runId}/samples`);
    return page.samples;
  }

  /** Null until the run is done. */
  async result(runId: string): Promise<RunResult | null> {
    const run: { result: RunResult | null } = await this.#request('GET', `runs/${runId}`);
    return run.result;
  }

  /** Lets an agent join, as its operator and its machine do. */
  async enrol(request: Pick<EnrolmentRequest, 'agentId' | 'address' | 'labels'>) {
    const { token } = await this.#request<JoinToken>('POST', 'enrolments', request);
    return await this.#request<AgentIdentity>('POST', 'enrolments/join', { token });
  }

  async drain(agentId: string): Promise<void> {
    await this.#request('POST', `agents/${agentId}/drain`);
  }

  async endDrain(agentId: string): Promise<void> {
    await this.#request('DELETE', `agents/${agentId}/drain`);
  }

  /** Number of finished runs of all soaks. */
  async runsDone(): Promise<number> {
    let done = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const after = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: SoaksPage = await this.#request('GET', `soaks?limit=${PAGE}${after}`);
      for (const { runsDone } of page.soaks) done += runsDone;
      cursor = page.nextCursor;
    }
    return done;
  }

  async #request<T>(method: string, path: string, body?: object): Promise<T> {
    const request = {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const send = () => fetch(`${this.#url}/v1/${path}`, request);
    for (let attempt = 1; ; attempt++) {
      // Not given to each request: thousands would listen to it.
      this.#signal?.throwIfAborted();
      // Once more on a new connection if the server closed an idle one while it was taken from the
      // pool.
      const answer = await send().catch((error: unknown) => {
        if (!wasClosed(error)) throw error;
        return send();
      });
      if (answer.ok) return (await answer.json()) as T;
      const { status, headers } = answer;
      const text = await answer.text();
      const pauseMs = busyPauseMs(status, headers.get('retry-after'), attempt);
      if (pauseMs === null) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 500)}`);
      await delay(pauseMs, null, this.#signal === null ? {} : { signal: this.#signal });
    }
  }
}

function wasClosed(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: unknown } };
  return cause?.code === 'UND_ERR_SOCKET';
}
