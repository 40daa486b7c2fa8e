import type { Comparison, Registration, RunEvent, Soak } from '@oversoak/contracts';
import { messageOf } from '../failure.ts';
import type { SpecText } from '../spec/read-spec.ts';
import { type RunEventSource, runEvents } from './events.ts';
import { ApiUnreachable, refusal } from './problem.ts';

const ANSWER_TIMEOUT_MS = 30_000;

export interface ApiAddress {
  url: string;
  token: string;
}

/** An agent as `GET /v1/agents` shows it. */
export type ListedAgent = Registration & { live: boolean; slotsUsed: number };

interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: SpecText;
  accept?: string;
  signal?: AbortSignal | undefined;
}

/** The REST API. Errors: `ApiRefused` with what it said, `ApiUnreachable`, or the signal's reason. */
export class ApiClient {
  readonly #base: URL;
  readonly #token: string;

  constructor({ url, token }: ApiAddress) {
    this.#base = new URL(url.endsWith('/') ? url : `${url}/`);
    this.#token = token;
  }

  submit(spec: SpecText, signal?: AbortSignal): Promise<Soak> {
    return this.#json('v1/soaks', { method: 'POST', body: spec, signal });
  }

  soak(soakId: string, signal?: AbortSignal): Promise<Soak> {
    return this.#json(`v1/soaks/${encodeURIComponent(soakId)}`, { signal });
  }

  comparison(soakId: string, signal?: AbortSignal): Promise<Comparison> {
    return this.#json(`v1/soaks/${encodeURIComponent(soakId)}/comparison`, { signal });
  }

  async comparisonCsv(soakId: string, signal?: AbortSignal): Promise<string> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}/comparison`;
    const answer = await this.#request(path, { accept: 'text/csv', signal });
    return answer.text();
  }

  /** Asks for the cancel; the soak is done a moment later. */
  async cancel(soakId: string, signal?: AbortSignal): Promise<void> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}`;
    const answer = await this.#request(path, { method: 'DELETE', signal });
    await answer.body?.cancel();
  }

  /** The lines of a soak's file, not packed. */
  async exportSoak(soakId: string): Promise<ReadableStream<Uint8Array>> {
    const path = `v1/soaks/${encodeURIComponent(soakId)}/export`;
    const answer = await this.#fetch(path, { headers: {} });
    if (answer.body === null) throw new ApiUnreachable('the export has no body');
    return answer.body;
  }

  /** `created` false: the same soak was there already. */
  async importSoak(file: ReadableStream<Uint8Array>): Promise<{ soak: Soak; created: boolean }> {
    const answer = await this.#fetch('v1/soaks/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: file,
      duplex: 'half',
    });
    return { soak: (await answer.json()) as Soak, created: answer.status === 201 };
  }

  async agents(signal?: AbortSignal): Promise<ListedAgent[]> {
    const { agents } = await this.#json<{ agents: ListedAgent[] }>('v1/agents', { signal });
    return agents;
  }

  /** Every event of a run until it is done, over dropped connections too. */
  runEvents(runId: string, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const open: RunEventSource = async (lastEventId) => {
      const response = await this.#fetch(`v1/runs/${encodeURIComponent(runId)}/events`, {
        headers: {
          accept: 'text/event-stream',
          ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
        },
        signal,
      });
      if (response.body === null) throw new ApiUnreachable('the event stream has no body');
      return response.body;
    };
    return runEvents(open, signal);
  }

  async #json<T>(path: string, request: Request): Promise<T> {
    const answer = await this.#request(path, { accept: 'application/json', ...request });
    return (await answer.json()) as T;
  }

  async #request(path: string, { method = 'GET', body, accept, signal }: Request) {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    return this.#fetch(path, {
      method,
      headers: {
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': body.contentType }),
      },
      ...(body === undefined ? {} : { body: body.text }),
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
  }

  async #fetch(
    path: string,
    init: RequestInit & { headers: Record<string, string> },
  ): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#token}` };
    let response: Response;
    try {
      response = await fetch(new URL(path, this.#base), { ...init, headers });
    } catch (error) {
      throw this.#unreachable(error, init.signal);
    }
    if (response.ok) return response;
    const contentType = response.headers.get('content-type') ?? '';
    throw refusal(response.status, contentType, await response.text());
  }

  #unreachable(error: unknown, signal: AbortSignal | null | undefined): unknown {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    if (signal?.aborted && !timedOut) return signal.reason;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return new ApiUnreachable(`cannot reach the API at ${this.#base.href}: ${messageOf(cause)}`);
  }
}
